import * as tf from '@tensorflow/tfjs-core';

/**
 * A weight as directions and gains, `v · (g / |v|)`: what layers with weight normalization train (arXiv 1602.07868).
 *
 * @param gains - `[out]`, or with any axes of length 1.
 * @param directions - `[out, ...]`; the length is taken over all other axes.
 * @returns The shape of `directions`.
 */
export function weightNorm(gains: tf.Tensor, directions: tf.Tensor): tf.Tensor {
  const [out, ...rest] = directions.shape as [number, ...number[]];
  return tf.tidy(() => {
    const rows = tf.reshape(directions, [out, rest.reduce((product, axis) => product * axis, 1)]);
    const lengths = tf.sqrt(tf.sum(tf.square(rows), 1, true));
    return tf.reshape(tf.mul(rows, tf.div(tf.reshape(gains, [out, 1]), lengths)), directions.shape);
  });
}
