import * as tf from '@tensorflow/tfjs-core';
import { exactBuckets, type RelativePositionConfig } from './config';

/**
 * Bucket of every distance of key and query, `key - query` from `1 - length` to `length - 1`: small distances have one
 * each, larger ones share them logarithmically, and keys behind the query have their own half (T5, arXiv 1910.10683).
 *
 * Rounded to float32 after every step, as `_relative_positions_bucket` of `backbone.py` computes it.
 */
export function relativeBuckets(
  length: number,
  { buckets, maximumDistance }: Pick<RelativePositionConfig, 'buckets' | 'maximumDistance'>,
): Int32Array {
  const half = Math.floor(buckets / 2);
  const exact = exactBuckets(buckets);
  const span = Math.fround(Math.log(maximumDistance / exact));
  const bucketOf = (distance: number): number => {
    if (distance < exact) return distance;
    const share = Math.fround(Math.fround(Math.log(Math.fround(distance / exact))) / span);
    return Math.min(half - 1, exact + Math.trunc(Math.fround(share * (half - exact))));
  };
  return Int32Array.from({ length: 2 * length - 1 }, (_, index) => {
    const distance = index - (length - 1);
    return distance > 0 ? half + bucketOf(distance) : bucketOf(-distance);
  });
}

/**
 * Scores of every distance that occurs among `length` tokens.
 *
 * @param table - `[buckets, heads]`.
 * @returns `[heads, 2 * length - 1]`, the most distant key in front of the query first.
 */
export function relativeScores(table: tf.Tensor2D, length: number, config: RelativePositionConfig): tf.Tensor2D {
  const buckets = tf.tensor1d(relativeBuckets(length, config), 'int32');
  return tf.transpose(tf.gather(table, buckets), [1, 0]);
}

/**
 * The scores of the queries from `start` on against all keys, cut out of {@link relativeScores} and scaled: every row is
 * the one above it moved by one, which one row after the other, read with another length, gives without a table of
 * places.
 *
 * @param gate - Of every query, `[B, heads, rows, 1]`.
 * @returns `[B, heads, rows, length]`.
 */
export function relativeRows(scores: tf.Tensor2D, gate: tf.Tensor4D, start: number): tf.Tensor4D {
  const [batch, heads, rows] = gate.shape;
  const length = (scores.shape[1] + 1) / 2;
  const span = length + rows - 1;
  const row = tf.reshape(tf.slice(scores, [0, length - start - rows], [heads, span]), [1, heads, 1, span]);
  const scaled = tf.mul(gate, row) as tf.Tensor4D;
  if (rows === 1) return scaled;
  const joined = tf.reshape(scaled, [batch, heads, rows * span]);
  const moved = tf.slice(joined, [0, 0, rows - 1], [batch, heads, rows * (span - 1)]);
  const shifted = tf.reshape(moved, [batch, heads, rows, span - 1]);
  return tf.slice(shifted, [0, 0, 0, 0], [batch, heads, rows, length]) as tf.Tensor4D;
}
