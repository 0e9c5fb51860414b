import * as tf from '@tensorflow/tfjs-core';
import { nearestInBlocks, type VectorMetric } from './nearest-blocks';

/** What every search for the nearest code gives. */
export type NearestCodes = {
  /** The leading axes of the vectors, int32. */
  readonly ids: tf.Tensor;
  /**
   * How far the decision was from another code: `(d₂ - d₁) / (|z|² + |e|²)` for squared distances, the same of roots
   * for `root`, `(s₁ - s₂) / (|z| |e|)` for `dot`. Same shape, float32; above 1e30 where there is one code.
   */
  readonly margins: tf.Tensor;
};

export interface NearestOptions {
  /** Default `squared`. */
  readonly metric?: VectorMetric;
  /** Largest temporary in bytes: beyond it the codes are searched in blocks. Default 64 MiB. */
  readonly maximumBytes?: number;
}

/**
 * The nearest code of every vector; the first index wins ties.
 *
 * The distance keeps the official form `|z|² + |e|² - 2 z·e` in float32: other forms decide near-ties otherwise.
 *
 * @param z - `[..., D]`, float32. A vector with NaN or infinity gets some id in range: inputs are checked before they
 *   come here.
 * @param codebook - `[K, D]`. More than some thousand vectors against a large codebook make many blocks: let
 *   `encodeInRowBlocks` cut the vectors up first.
 */
export function nearest(z: tf.Tensor, codebook: tf.Tensor2D, options: NearestOptions = {}): NearestCodes {
  return nearestOfParts([{ z, codebook }], options);
}

/** Vectors with a codebook of their own, in a search by a sum of distances. */
export interface NearestPart {
  /** `[..., D]`, float32. */
  readonly z: tf.Tensor;
  /** `[K, D]`. */
  readonly codebook: tf.Tensor2D;
  /** Default 1. */
  readonly weight?: number;
}

/**
 * {@link nearest} by the weighted sum of the distances of several parts of a vector, each to its own table: one id
 * addresses all tables.
 *
 * @param parts - At least one, of the same leading axes and the same K.
 */
export function nearestOfParts(parts: readonly NearestPart[], options: NearestOptions = {}): NearestCodes {
  const { metric = 'squared', maximumBytes = 64 * 2 ** 20 } = options;
  const leading = parts[0]!.z.shape.slice(0, -1);
  const count = leading.reduce((product, axis) => product * axis, 1);
  const codes = parts[0]!.codebook.shape[0];
  // The products of the wasm backend have no answer for nothing.
  if (count === 0) return { ids: tf.zeros(leading, 'int32'), margins: tf.zeros(leading) };
  return tf.tidy(() => {
    const rows = parts.map(({ z, codebook, weight = 1 }) => ({
      rows: tf.reshape(z, [count, codebook.shape[1]]) as tf.Tensor2D,
      codes: codebook,
      weight,
    }));
    const fitting = Math.max(1, Math.floor(maximumBytes / 4 / count));
    // Blocks of one size rather than a small rest.
    const codesPerBlock = Math.ceil(codes / Math.ceil(codes / fitting));
    const { ids, margins } = nearestInBlocks(rows, metric, codesPerBlock);
    return { ids: tf.reshape(ids, leading), margins: tf.reshape(margins, leading) };
  });
}

/**
 * Rows of a table.
 *
 * @param table - `[K, D]`.
 * @param ids - `[...]`, int32 in `0..K-1`.
 * @returns `[..., D]`.
 */
export function lookup(table: tf.Tensor2D, ids: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const rows = tf.gather(table, tf.reshape(ids, [-1]) as tf.Tensor1D);
    return tf.reshape(rows, [...ids.shape, table.shape[1]]);
  });
}

/** Rows scaled to length 1; shorter ones than `epsilon` are divided by that (`F.normalize`, whose default is 1e-12). */
export function l2Normalize(x: tf.Tensor, epsilon = 1e-12): tf.Tensor {
  // The floor is under the root: a row of zeros then has a finite gradient, as in PyTorch.
  return tf.tidy(() => tf.div(x, tf.sqrt(tf.maximum(tf.sum(tf.square(x), -1, true), epsilon ** 2))));
}
