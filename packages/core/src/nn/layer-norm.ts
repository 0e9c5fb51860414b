import * as tf from '@tensorflow/tfjs-core';
import { composite } from '../engine/traits';
import type { NormParams } from './norm';

/**
 * Layer normalisation over the last axis, with the biased variance of PyTorch.
 *
 * @param x - `[..., features]`, float32.
 * @param epsilon - Added to the variance. Default 1e-5, PyTorch's.
 * @returns The shape of `x`.
 */
export function layerNorm(x: tf.Tensor, params: NormParams, epsilon = 1e-5): tf.Tensor {
  const { scale, offset = tf.zerosLike(params.scale) } = params;
  return composite('TessLayerNorm', { x, scale, offset }, { epsilon }, () =>
    tf.tidy(() => {
      const mean = tf.mean(x, -1, true);
      const centred = tf.sub(x, mean);
      const variance = tf.mean(tf.square(centred), -1, true);
      const scaled = tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon))), scale);
      return tf.add(scaled, offset);
    }),
  );
}
