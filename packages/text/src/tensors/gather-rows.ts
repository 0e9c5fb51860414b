import * as tf from '@tensorflow/tfjs-core';

/**
 * Takes positions of every row by itself. (`tf.gather` with batch dimensions is wrong on the wasm backend of
 * TensorFlow.js 4.22 for more than one row.)
 *
 * @param x - `[B, N, ...]`.
 * @param positions - `[B, M]`, int32, 0..N-1.
 * @returns `[B, M, ...]`.
 */
export function gatherRows(x: tf.Tensor, positions: tf.Tensor2D): tf.Tensor {
  const [batch, length, ...rest] = x.shape as [number, number, ...number[]];
  return tf.tidy(() => {
    const starts = Int32Array.from({ length: batch }, (_, row) => row * length);
    const flat = tf.add(positions, tf.tensor2d(starts, [batch, 1], 'int32'));
    const found = tf.gather(tf.reshape(x, [batch * length, ...rest]), tf.reshape(flat, [positions.size]));
    return tf.reshape(found, [batch, positions.shape[1], ...rest]);
  });
}
