import * as tf from '@tensorflow/tfjs-core';

/** Brightness, red against blue, green against both: rows of an orthonormal matrix, so that errors keep their size. */
const rows = [
  [1, 1, 1].map((weight) => weight / Math.sqrt(3)),
  [1, 0, -1].map((weight) => weight / Math.sqrt(2)),
  [1, -2, 1].map((weight) => weight / Math.sqrt(6)),
] as const;

/** Grey levels that make one unit of the network. */
const unit = 64;

/** `[B, H, W, 3]`, RGB in 0..1, to opponent colours around 0. */
export function toOpponent(image: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => mix(tf.mul(tf.sub(image, 0.5), 255 / unit), true));
}

/** The inverse of {@link toOpponent}; not clamped. */
export function fromOpponent(opponent: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => tf.add(tf.mul(mix(opponent, false), unit / 255), 0.5));
}

function mix(x: tf.Tensor4D, transposed: boolean): tf.Tensor4D {
  const matrix = tf.tensor2d(rows.map((row) => [...row]));
  return tf.reshape(tf.matMul(tf.reshape(x, [-1, 3]), matrix, false, transposed), x.shape);
}

/** Mean squared error in 0..255 of one squared unit of opponent colour. */
export const squaredUnit = unit ** 2;
