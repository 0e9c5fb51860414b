import * as tf from '@tensorflow/tfjs-core';
import { linear, tap } from '@tesserae/core/nn';
import type { HeadConfig } from './config';
import { inverseStft } from './inverse-stft';
import type { HeadParams } from './weights';

/** Magnitudes are cut here, against explosions. */
const largestMagnitude = 100;

/**
 * Features to waveform: log-magnitudes and phases of every frame, transformed back.
 *
 * @param features - `[B, F, inputs]`, float32.
 * @returns `[B, F * hop]` (`same`) or `[B, (F - 1) * hop]` (`center`; F at least 2).
 */
export function decodeHead(features: tf.Tensor3D, { out }: HeadParams, config: HeadConfig): tf.Tensor2D {
  return tf.tidy(() => {
    const both = tap('head.out', linear(features, out) as tf.Tensor3D);
    const [logMagnitude, phase] = tf.split(both, 2, 2) as [tf.Tensor3D, tf.Tensor3D];
    const magnitude = tf.minimum(tf.exp(logMagnitude), largestMagnitude);
    return inverseStft(tf.mul(magnitude, tf.cos(phase)), tf.mul(magnitude, tf.sin(phase)), config);
  });
}
