import * as tf from '@tensorflow/tfjs-core';
import { l2Normalize } from '../../quantize/nearest';
import { detached } from '../detached';
import { assignmentsOf } from './kmeans';

/**
 * Cross-entropy of ids under a softmax over scores, averaged over the vectors that count.
 *
 * @param scores - `[..., K]`, such as minus the distances.
 * @param ids - `[...]`, int32; -1 does not count.
 * @param weights - Shape of the last axes of `ids`, 1 for vectors that count and 0 for others. Default: all.
 */
export function codebookCrossEntropy(scores: tf.Tensor, ids: tf.Tensor, weights?: tf.Tensor): tf.Scalar {
  return tf.tidy(() => {
    const targets = assignmentsOf(ids, scores.shape.at(-1)!, weights);
    const total = tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(scores))));
    return tf.div(total, tf.maximum(tf.sum(targets), 1)) as tf.Scalar;
  });
}

/**
 * Minus the entropy of the mean assignment, which rewards the use of many codes.
 *
 * The mean runs over the first axis only; entropies are then averaged over positions.
 *
 * @param scores - `[B, N, K]`.
 * @param temperature - Factor of the scores. Default 100.
 */
export function codebookDiversityLoss(scores: tf.Tensor, temperature = 100): tf.Scalar {
  return tf.tidy(() => {
    const average = tf.mean(tf.softmax(tf.mul(scores, temperature)), 0);
    const entropies = tf.neg(tf.sum(tf.mul(average, tf.log(tf.maximum(average, 1e-5))), -1));
    return tf.neg(tf.mean(entropies)) as tf.Scalar;
  });
}

export interface OrthogonalLossOptions {
  /** `[K]`, 1 for codes that count and 0 for others. Default: all. */
  readonly active?: tf.Tensor;
  /** At most so many codes count; needs `order`. Default: all. */
  readonly maxCodes?: number;
  /** A permutation, int32: the codes that count are numbered from 0, and the first `maxCodes` numbers here stay. */
  readonly order?: tf.Tensor;
  /**
   * `squares`: `Σ cos² / (H n²) - 1 / n` (vector-quantize-pytorch). `deviations`: `Σ (cos - I)² / (H n²)` (4M). They
   * differ in rounding and for codes of length 0. Default `squares`.
   */
  readonly form?: 'squares' | 'deviations';
}

/**
 * How far the directions of the codes are from orthogonal ones (arXiv 2112.00384, eq. 2).
 *
 * @param codes - `[H, K, D]`.
 */
export function orthogonalLoss(codes: tf.Tensor3D, options: OrthogonalLossOptions = {}): tf.Scalar {
  const { active, maxCodes, order, form = 'squares' } = options;
  return tf.tidy(() => {
    const [heads, count] = codes.shape;
    const some = active ?? tf.ones([count]);
    const counted =
      maxCodes !== undefined && order
        ? detached([some, order], (counts, numbers) => firstOf(counts!, numbers!, maxCodes))
        : some;
    const directions = l2Normalize(codes, form === 'squares' ? 1e-6 : 1e-12);
    const cosines = tf.matMul(directions, directions, false, true);
    const values = form === 'squares' ? cosines : tf.sub(cosines, tf.eye(count));
    const pairs = tf.mul(tf.expandDims(counted, 0), tf.expandDims(counted, 1));
    const number = tf.maximum(tf.sum(counted), 1);
    const mean = tf.div(tf.sum(tf.mul(tf.square(values), pairs)), tf.mul(tf.square(number), heads));
    return (form === 'squares' ? tf.sub(mean, tf.div(1, number)) : mean) as tf.Scalar;
  });
}

/** 1 for the codes whose number among the active ones is in the first `limit` usable elements of `order`. */
function firstOf(active: tf.Tensor, order: tf.Tensor, limit: number): tf.Tensor {
  const ranks = tf.sub(tf.cumsum(active, 0), 1);
  const numbers = tf.cast(order, 'float32');
  const isUsable = tf.cast(tf.less(numbers, tf.sum(active)), 'float32');
  const isKept = tf.mul(isUsable, tf.cast(tf.lessEqual(tf.cumsum(isUsable, 0), limit), 'float32'));
  const isSame = tf.cast(tf.equal(tf.expandDims(ranks, 1), tf.expandDims(numbers, 0)), 'float32');
  return tf.mul(active, tf.sum(tf.mul(isSame, isKept), 1));
}
