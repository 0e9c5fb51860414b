import * as tf from '@tensorflow/tfjs-core';

/** What is added to scores of keys that do not count (`mask_to_bias`): nothing of them is left by the softmax. */
const excluded = -1e10;

/**
 * 1 for the steps of every item, 0 for those behind its end.
 *
 * @param lengths - `[B]`, whole numbers as float32.
 * @param steps - Of the longest item, or more.
 * @returns `[B, steps, 1]`.
 */
export function stepMask(lengths: tf.Tensor1D, steps: number): tf.Tensor3D {
  const places = tf.tensor3d(
    Float32Array.from({ length: steps }, (_, step) => step),
    [1, steps, 1],
  );
  return tf.clipByValue(tf.sub(tf.reshape(lengths, [lengths.shape[0], 1, 1]), places), 0, 1) as tf.Tensor3D;
}

/**
 * 0 for keys that count, what excludes them otherwise.
 *
 * @param mask - `[B, steps, 1]` of {@link stepMask}.
 * @returns `[B, 1, 1, steps]`, the same for every head and query.
 */
export function keyBias(mask: tf.Tensor3D): tf.Tensor4D {
  const [batch, steps] = mask.shape;
  return tf.reshape(tf.mul(tf.sub(1, mask), excluded), [batch, 1, 1, steps]) as tf.Tensor4D;
}

/** Steps behind a convolution of three taps with a zero at both ends, `[B]`: `floor((L - 1) / stride) + 1`. */
export function convolvedLengths(lengths: tf.Tensor1D, stride: number): tf.Tensor1D {
  return tf.add(tf.floor(tf.div(tf.sub(lengths, 1), stride)), 1);
}
