import * as tf from '@tensorflow/tfjs-core';
import { conv1d } from '@tesserae/core/nn';
import { strideTrim } from './config';
import { residualUnits, snake } from './layers';
import type { SnakeDownParams } from './weights';

/**
 * A stage of an encoder.
 *
 * @param x - `[B, T, width]`, T a multiple of the stride.
 * @returns `[B, T / stride, 2 * width]`.
 */
export function downStage(x: tf.Tensor3D, { units, alpha, conv }: SnakeDownParams, stride: number): tf.Tensor3D {
  const trim = strideTrim(stride);
  return tf.tidy(() => conv1d(snake(residualUnits(x, units), alpha), conv, { stride, padding: [trim, trim] }));
}

/**
 * A waveform with zeros behind, up to a whole number of frames.
 *
 * @param audio - `[B, T, 1]`.
 * @param unit - Samples.
 */
export function wholeFrames(audio: tf.Tensor3D, unit: number): tf.Tensor3D {
  const missing = Math.ceil(audio.shape[1] / unit) * unit - audio.shape[1];
  if (missing === 0) return audio;
  return tf.pad(audio, [
    [0, 0],
    [0, missing],
    [0, 0],
  ]);
}
