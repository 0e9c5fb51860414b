import * as tf from '@tensorflow/tfjs-core';
import { cosineEpsilon } from './multi-head-vector';
import { l2Normalize } from './nearest';
import { squaredDistances } from './nearest-blocks';

/** How vectors and codes are compared. */
export type CodebookMetric = 'euclidean' | 'cosine';

/** What a cosine codebook compares: the rows at length 1. A Euclidean one takes them as they are. */
export function prepareRows(rows: tf.Tensor, metric: CodebookMetric): tf.Tensor {
  return metric === 'cosine' ? l2Normalize(rows, cosineEpsilon) : rows;
}

/**
 * Scores of all codes for every vector, as vector-quantize-pytorch compares them.
 *
 * @param rows - `[N, D]`, prepared by {@link prepareRows}.
 * @param codes - `[K, D]`; of a cosine codebook at length 1.
 * @returns `[N, K]`, the larger the nearer: minus `sqrt(max(|z - e|², 1e-8))`, or cosines.
 */
export function tableScores(rows: tf.Tensor2D, codes: tf.Tensor2D, metric: CodebookMetric): tf.Tensor2D {
  return tf.tidy((): tf.Tensor2D => {
    if (metric === 'cosine') return tf.matMul(rows, codes, false, true);
    return tf.neg(tf.sqrt(tf.maximum(squaredDistances(rows, codes), 1e-8) as tf.Tensor2D));
  });
}

/**
 * Scores where every vector has a codebook of its own, as implicit neural codebooks make them (arXiv 2401.14732).
 *
 * @param rows - `[H, M, D]`.
 * @param codes - `[H, M, K, D]`.
 * @returns `[H, M, K]`: minus `|z - e + 1e-6|`, the form of `F.pairwise_distance`, or cosines with the codes at length 1.
 */
export function ownCodebookScores(rows: tf.Tensor3D, codes: tf.Tensor4D, metric: CodebookMetric): tf.Tensor3D {
  return tf.tidy(() => {
    const wide = tf.expandDims(rows, 2);
    if (metric === 'cosine') return tf.sum(tf.mul(wide, prepareRows(codes, metric)), 3) as tf.Tensor3D;
    const differences = tf.add(tf.sub(wide, codes), 1e-6);
    return tf.neg(tf.sqrt(tf.sum(tf.square(differences), 3))) as tf.Tensor3D;
  });
}
