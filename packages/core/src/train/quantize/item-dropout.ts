import * as tf from '@tensorflow/tfjs-core';

/**
 * How many layers or scales each item of a batch keeps, where the first `floor(B · share)` items keep what was drawn for
 * them and the others keep all (DAC, XQ-GAN).
 *
 * @param drawn - `[B]`, whole numbers.
 * @param total - Number of layers or scales.
 * @param share - 0..1.
 * @returns `[B]`, float32.
 */
export function keptByItem(drawn: tf.Tensor, total: number, share: number): tf.Tensor1D {
  const [batch] = drawn.shape as [number];
  const isDropping = tf.less(tf.range(0, batch, 1, 'int32'), tf.scalar(Math.trunc(batch * share), 'int32'));
  return tf.where(isDropping, tf.cast(drawn, 'float32'), tf.fill([batch], total)) as tf.Tensor1D;
}

/** `[B, 1, ...]` of the given rank: 1 for items that keep the layer or scale of this number, 0 for others. */
export function itemMask(kept: tf.Tensor1D, index: number, rank: number): tf.Tensor {
  const shape = [kept.shape[0], ...new Array<number>(rank - 1).fill(1)];
  return tf.reshape(tf.cast(tf.greater(kept, index), 'float32'), shape);
}
