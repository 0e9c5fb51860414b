import * as tf from '@tensorflow/tfjs-core';
import { l2Normalize } from '../../quantize/nearest';
import { stopGradient } from '../losses';

/**
 * Adds the error in a slightly wrong direction, so that gradients reach vector and code (DiVeQ,
 * openreview.net/forum?id=KRVnpTbx7R, figure 1): `x + sg(n(err + √v · noise)) · |err|` with `err = code - x`.
 *
 * @param x - `[..., D]`; `code` of the same shape, with a gradient to the codebook.
 * @param noise - Same shape, standard normal.
 * @param variance - Of the noise. Default 5e-3.
 */
export function directionalReparameterization(
  x: tf.Tensor,
  code: tf.Tensor,
  noise: tf.Tensor,
  variance = 5e-3,
): tf.Tensor {
  const error = tf.sub(code, x);
  const noisy = stopGradient(tf.add(error, tf.mul(noise, Math.sqrt(variance))));
  return tf.add(x, tf.mul(l2Normalize(noisy, 1e-6), vectorLength(error)));
}

/** `[..., D]` to `[..., 1]`, at least 1e-15, so that a vector of zeros has a gradient: 0, as in PyTorch. */
function vectorLength(x: tf.Tensor): tf.Tensor {
  return tf.sqrt(tf.maximum(tf.sum(tf.square(x), -1, true), 1e-30));
}
