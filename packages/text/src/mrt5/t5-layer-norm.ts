import * as tf from '@tensorflow/tfjs-core';
import type { NormParams } from '@tesserae/core/nn';

/**
 * Normalization of T5: by the root of the mean square, without mean and offset (`T5LayerNorm`).
 *
 * @param x - `[..., features]`, float32.
 * @param epsilon - Added to the mean square. Default 1e-6.
 * @returns The shape of `x`.
 */
export function t5LayerNorm(x: tf.Tensor, { scale }: NormParams, epsilon = 1e-6): tf.Tensor {
  return tf.tidy(() => {
    const meanSquare = tf.mean(tf.square(x), -1, true);
    return tf.mul(tf.mul(x, tf.rsqrt(tf.add(meanSquare, epsilon))), scale);
  });
}
