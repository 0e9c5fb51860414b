import * as tf from '@tensorflow/tfjs-core';
import { stopGradient } from '../losses';
import { weightedMean } from './multi-head-losses';

/** New codes from old ones and the gradient of the in-place loss: one step of an optimizer, all `[H, K, D]`. */
export type CodebookOptimizer = (codes: tf.Tensor, gradient: tf.Tensor) => tf.Tensor;

export interface InPlaceLoss {
  /** Mean squared difference between the chosen codes and the vectors. */
  readonly loss: tf.Scalar;
  /** `[H, K, D]`. */
  readonly gradient: tf.Tensor;
}

/**
 * What a codebook minimises by itself within a step, before it is searched again (the in-place optimizer of
 * vector-quantize-pytorch, `loss = mse(codes, sg(z))`).
 *
 * @param rows - `[H, M, D]`.
 * @param codes - `[H, K, D]`, learnable.
 * @param search - Gives the chosen codes `[H, M, D]`, with a gradient to the codebook.
 * @param weights - `[M]`, 1 for rows that count and 0 for others. Default: all.
 */
export function inPlaceCodebookLoss(
  rows: tf.Tensor3D,
  codes: tf.Tensor,
  search: (codes: tf.Tensor) => tf.Tensor,
  weights?: tf.Tensor,
): InPlaceLoss {
  const targets = stopGradient(rows);
  const { value, grad } = tf.valueAndGrad((given: tf.Tensor) =>
    weightedMean(tf.squaredDifference(search(given), targets), weights),
  )(codes);
  return { loss: value as tf.Scalar, gradient: grad };
}
