import * as tf from '@tensorflow/tfjs-core';

/** How vectors are divided among codebooks. */
export interface HeadLayout {
  readonly heads: number;
  readonly separateCodebookPerHead: boolean;
}

/** Axes of the vectors: first axis, all others up to the last. A list `[M, D]` of vectors is M batches of one. */
export interface VectorAxes {
  readonly batch: number;
  readonly length: number;
  /** All axes but the last. */
  readonly leading: readonly number[];
}

/** @param shape - `[..., D]`. */
export function vectorAxes(shape: readonly number[]): VectorAxes {
  const leading = shape.slice(0, -1);
  return { batch: leading[0] ?? 1, length: leading.slice(1).reduce((product, axis) => product * axis, 1), leading };
}

/**
 * `[B, N, heads · D]` by codebook: `[heads, B · N, D]` with separate ones, `[1, B · heads · N, D]` with one for all. The
 * order of the official code, which draws of rows refer to.
 */
export function splitHeads(x: tf.Tensor, { heads, separateCodebookPerHead }: HeadLayout): tf.Tensor3D {
  const [batch, length, wide] = x.shape as [number, number, number];
  const dim = wide / heads;
  const split = tf.reshape(x, [batch, length, heads, dim]);
  if (separateCodebookPerHead) {
    return tf.reshape(tf.transpose(split, [2, 0, 1, 3]), [heads, batch * length, dim]);
  }
  return tf.reshape(tf.transpose(split, [0, 2, 1, 3]), [1, batch * heads * length, dim]);
}

/** The inverse of {@link splitHeads} for any further axes: `[H, M, ...]` to `[B, N, heads, ...]`. */
export function joinHeads(
  x: tf.Tensor,
  { heads, separateCodebookPerHead }: HeadLayout,
  { batch, length }: VectorAxes,
): tf.Tensor {
  const rest = x.shape.slice(2);
  const others = rest.map((_, axis) => axis + 3);
  return separateCodebookPerHead
    ? tf.transpose(tf.reshape(x, [heads, batch, length, ...rest]), [1, 2, 0, ...others])
    : tf.transpose(tf.reshape(x, [batch, heads, length, ...rest]), [0, 2, 1, ...others]);
}

/** A mask `[B, N]` as float weights `[M]` of the rows of {@link splitHeads}. */
export function rowWeights(
  mask: tf.Tensor,
  { heads, separateCodebookPerHead }: HeadLayout,
  axes: VectorAxes,
): tf.Tensor {
  const { batch, length } = axes;
  const flags = tf.reshape(tf.cast(tf.cast(mask, 'bool'), 'float32'), [batch, 1, length]);
  const copies = separateCodebookPerHead ? 1 : heads;
  return tf.reshape(tf.tile(flags, [1, copies, 1]), [batch * copies * length]);
}

/**
 * Masks from lengths.
 *
 * @param lengths - `[B]`, int32.
 * @returns `[B, length]`, bool: true for positions below the length.
 */
export function maskOfLengths(lengths: tf.Tensor, length: number): tf.Tensor {
  return tf.less(tf.range(0, length, 1, 'int32'), tf.expandDims(lengths, 1));
}
