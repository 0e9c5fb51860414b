import * as tf from '@tensorflow/tfjs-core';
import { conv1d, type Conv1dParams, convTranspose1d, firstSteps } from '@tesserae/core/nn';
import { type SnakeConfig, unitDilations } from '../snake/config';
import { snake } from '../snake/layers';
import type { SnakeUnitParams } from '../snake/weights';
import type { DacDecoderParams } from './weights';

/**
 * Latents to waveform without any padding, as the official code decodes the chunks of long files: convolutions give what
 * lies whole within their input, transposed ones everything.
 *
 * @param z - `[B, F, latentWidth]`, float32.
 * @returns `[B, T, 1]`, -1..1, shorter than `F * hop`.
 */
export function decodeUnpadded(z: tf.Tensor3D, params: DacDecoderParams, config: SnakeConfig): tf.Tensor3D {
  return tf.tidy(() => {
    let x = inner(z, params.convIn);
    params.stages.forEach(({ alpha, conv, units }, index) => {
      x = units.reduce(unit, convTranspose1d(snake(x, alpha), conv, config.decoderRates[index]!));
    });
    return tf.tanh(inner(snake(x, params.alpha), params.convOut));
  });
}

function inner(x: tf.Tensor3D, params: Conv1dParams, dilation = 1): tf.Tensor3D {
  return conv1d(x, params, { dilation, padding: [0, 0] });
}

/** The input of a residual unit is cut to what is left of its output. */
function unit(x: tf.Tensor3D, { alpha1, conv1, alpha2, conv2 }: SnakeUnitParams, index: number): tf.Tensor3D {
  const y = inner(snake(inner(snake(x, alpha1), conv1, unitDilations[index]!), alpha2), conv2);
  const side = (x.shape[1] - y.shape[1]) / 2;
  return tf.add(firstSteps(x, y.shape[1], side), y);
}

/** Frames that {@link decodeUnpadded} needs at least. */
export function fewestFrames({ decoderRates }: Pick<SnakeConfig, 'decoderRates'>): number {
  let frames = 1;
  while (unpaddedLength(frames, decoderRates) < 1) frames += 1;
  return frames;
}

function unpaddedLength(frames: number, rates: readonly number[]): number {
  let length = frames - 6;
  for (const rate of rates) {
    if (length < 1) return 0;
    length = (length - 1) * rate + 2 * rate;
    for (const dilation of unitDilations) length -= 6 * dilation;
  }
  return length - 6;
}
