import * as tf from '@tensorflow/tfjs-core';
import { l2Normalize } from '../../quantize/nearest';
import { detached } from '../detached';
import { type CodebookMetric, lookupCodebooks, searchCodebooks } from './codebook-search';
import { codebookStatistics } from './ema-codebook';

export interface KMeansOptions {
  /** Number of means. Default: as many as there are start rows. */
  readonly clusters?: number;
  /** Rounds of assignment and averaging, at least 1. Default 10; EnCodec 50. */
  readonly iterations?: number;
  /** `cosine` expects rows of length 1 and keeps means so. Default `euclidean`. */
  readonly metric?: CodebookMetric;
  /** `[M]` or `[H, M]`, 1 for rows that count and 0 for others. Default: all. */
  readonly weights?: tf.Tensor;
  /** Length up to which cosine means are not scaled up. Default 1e-6; EnCodec's relatives 1e-12. */
  readonly epsilon?: number;
}

export type KMeansResult = {
  /** `[H, K, D]`. */
  readonly means: tf.Tensor3D;
  /** `[H, K]`: how many rows the last round gave to each mean, before it moved. */
  readonly counts: tf.Tensor2D;
};

/**
 * Lloyd's algorithm with given start rows, so that it draws nothing. A cluster that no row chose keeps its mean; of
 * equal means the first is chosen. No gradients.
 *
 * @param rows - `[H, M, D]`, each head apart.
 * @param startRows - `[K]` or `[H, K]`, int32 in `0..M-1`: rows that the means start from; further ones are not used.
 */
export function kMeans(rows: tf.Tensor3D, startRows: tf.Tensor, options: KMeansOptions = {}): KMeansResult {
  const { clusters, weights, ...rounds } = options;
  const [heads, , dim] = rows.shape;
  const starts = perHead(startRows, heads, clusters);
  return tf.tidy(() => {
    // One tensor, so that nothing of the rounds is recorded where gradients are taken.
    const found = detached([rows, starts, ...(weights ? [weights] : [])], (values, first, scale) => {
      const { means, counts } = iterate(values as tf.Tensor3D, first!, scale, rounds);
      return tf.concat([means, tf.expandDims(counts, 2)], 2);
    });
    const count = starts.shape[1];
    return {
      means: tf.slice(found, [0, 0, 0], [heads, count, dim]) as tf.Tensor3D,
      counts: tf.reshape(tf.slice(found, [0, 0, dim], [heads, count, 1]), [heads, count]),
    };
  });
}

function iterate(
  rows: tf.Tensor3D,
  startRows: tf.Tensor,
  weights: tf.Tensor | undefined,
  { iterations = 10, metric = 'euclidean', epsilon = 1e-6 }: Omit<KMeansOptions, 'clusters' | 'weights'>,
): KMeansResult {
  let means = lookupCodebooks(rows, startRows) as tf.Tensor3D;
  let counts = tf.zeros([means.shape[0], means.shape[1]]) as tf.Tensor2D;
  for (let round = 0; round < iterations; round += 1) {
    const { ids } = searchCodebooks(rows, means, metric);
    const statistics = codebookStatistics(rows, assignmentsOf(ids, means.shape[1], weights));
    counts = statistics.counts as tf.Tensor2D;
    const averages = tf.div(statistics.sums, tf.expandDims(tf.maximum(counts, 1), -1));
    const moved = metric === 'cosine' ? l2Normalize(averages, epsilon) : averages;
    means = tf.where(tf.expandDims(tf.greater(counts, 0), -1), moved, means) as tf.Tensor3D;
  }
  return { means, counts };
}

/** Numbers of rows `[R]` for all heads, or `[H, R]`, as `[H, R]`; only the first `limit` of each head, where given. */
export function perHead(rowNumbers: tf.Tensor, heads: number, limit = rowNumbers.shape.at(-1)!): tf.Tensor2D {
  const stacked = rowNumbers.rank === 2 ? rowNumbers : tf.tile(tf.expandDims(rowNumbers, 0), [heads, 1]);
  return tf.slice(stacked, [0, 0], [heads, limit]) as tf.Tensor2D;
}

/**
 * One-hot rows, without gradients.
 *
 * @param ids - `[...]`, int32; ids outside `0..codes-1` give rows of zeros.
 * @param weights - Shape of the last axes of `ids`: scales the rows, 0 leaves one out.
 * @returns `[..., codes]`, float32.
 */
export function assignmentsOf(ids: tf.Tensor, codes: number, weights?: tf.Tensor): tf.Tensor {
  return detached([ids, ...(weights ? [weights] : [])], (rows, scale) => {
    const hot = tf.cast(tf.equal(tf.expandDims(rows!, -1), tf.range(0, codes, 1, 'int32')), 'float32');
    return scale ? tf.mul(hot, tf.expandDims(tf.cast(scale, 'float32'), -1)) : hot;
  });
}
