import * as tf from '@tensorflow/tfjs-core';

/**
 * Applies a function without derivative (rounding, thresholds), and passes gradients on as if it were the identity.
 *
 * @param step - Keeps the shape.
 */
export function straightThrough(x: tf.Tensor, step: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  return tf.customGrad((value) => ({
    value: step(value as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => dy,
  }))(x);
}

/** Rounding half to even with the gradient of the identity. */
export function roundStraightThrough(x: tf.Tensor): tf.Tensor {
  return straightThrough(x, tf.round);
}
