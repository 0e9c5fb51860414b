import * as tf from '@tensorflow/tfjs-core';
import { tap } from '@tesserae/core/nn';
import { hopLength, type SnakeConfig } from '../snake/config';
import { residualUnits, sameConv, snake, trimmedTranspose } from '../snake/layers';
import { downStage, wholeFrames } from '../snake/stages';
import type { DacDecoderParams, DacEncoderParams } from './weights';

/**
 * Waveform to latents (`dac.model.dac.Encoder`); the last frame is filled up with zeros.
 *
 * @param audio - `[B, T, 1]`, float32.
 * @returns `[B, ceil(T / hop), latentWidth]`.
 */
export function encodeDac(audio: tf.Tensor3D, params: DacEncoderParams, config: SnakeConfig): tf.Tensor3D {
  return tf.tidy(() => {
    let x = tap('encoder.conv_in', sameConv(wholeFrames(audio, hopLength(config)), params.convIn));
    params.stages.forEach((stage, index) => {
      x = tap(`encoder.block${index}`, downStage(x, stage, config.encoderRates[index]!));
    });
    return tap('encoder.latents', sameConv(snake(x, params.alpha), params.convOut));
  });
}

/**
 * Latents to waveform (`dac.model.dac.Decoder`).
 *
 * @param z - `[B, F, latentWidth]`, float32.
 * @returns `[B, T, 1]`, -1..1; T is `F * hop`, and some samples less where a stride is odd.
 */
export function decodeDac(z: tf.Tensor3D, params: DacDecoderParams, config: SnakeConfig): tf.Tensor3D {
  return tf.tidy(() => {
    let x = tap('decoder.conv_in', sameConv(z, params.convIn));
    params.stages.forEach(({ alpha, conv, units }, index) => {
      const up = trimmedTranspose(snake(x, alpha), conv, config.decoderRates[index]!, 0);
      x = tap(`decoder.block${index}`, residualUnits(up, units));
    });
    return tf.tanh(sameConv(snake(x, params.alpha), params.convOut));
  });
}
