import * as tf from '@tensorflow/tfjs-core';

/** What the sums of weights are divided by is at least this. */
const epsilon = 1e-9;

/**
 * Means of the segments of a sequence, behind the null group (`downsample` of dynamic pooling, arXiv 2211.09761, section
 * 3.1). A boundary ends a segment; what follows the last one is in none, as no position could see it.
 *
 * @param hidden - `[B, N, width]`, float32.
 * @param boundaries - `[B, N]`, 0 or 1.
 * @param nullGroup - `[width]`: what positions of the first segment see.
 * @param slots - `[S]`, float32, -1, 0, 1, …: its length says how many segments there are, the null group counted. Use
 *   `segmentSlots` with the most boundaries of a row; segments that a row does not have are zero.
 * @returns `[B, S, width]`.
 */
export function poolSegments(
  hidden: tf.Tensor3D,
  boundaries: tf.Tensor2D,
  nullGroup: tf.Tensor1D,
  slots: tf.Tensor1D,
): tf.Tensor3D {
  return tf.tidy(() => {
    const segment = tf.cumsum(boundaries, 1, true);
    const weights = membership(segment, slots);
    const shares = tf.div(weights, tf.add(tf.sum(weights, 1, true), epsilon));
    const means = tf.matMul(shares as tf.Tensor3D, hidden, true, false);
    const isNull = tf.cast(tf.equal(slots, -1), 'float32');
    return tf.add(means, tf.mul(tf.expandDims(isNull, 1), nullGroup)) as tf.Tensor3D;
  });
}

/**
 * Gives every position the segment that was last closed before it, or that ends at it (`upsample`).
 *
 * @param segments - `[B, S, width]`, of {@link poolSegments}, however changed since.
 * @param boundaries - `[B, N]`, 0 or 1: the same.
 * @param slots - `[S]`: the same.
 * @returns `[B, N, width]`.
 */
export function spreadSegments(segments: tf.Tensor3D, boundaries: tf.Tensor2D, slots: tf.Tensor1D): tf.Tensor3D {
  return tf.tidy(() => {
    const closed = tf.sub(tf.cumsum(boundaries, 1), 1);
    const weights = membership(closed, slots);
    const shares = tf.div(weights, tf.add(tf.sum(weights, 2, true), epsilon));
    return tf.matMul(shares as tf.Tensor3D, segments);
  });
}

/** `[B, N, S]`: 1 where the number of a position is that of a slot. */
function membership(numbers: tf.Tensor, slots: tf.Tensor1D): tf.Tensor {
  return tf.cast(tf.equal(tf.expandDims(numbers, -1), tf.reshape(slots, [1, 1, slots.size])), 'float32');
}
