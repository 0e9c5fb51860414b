import * as tf from '@tensorflow/tfjs-core';
import { detached } from '../detached';
import { straightThrough } from '../straight-through';
import { assignmentsOf } from './kmeans';

export interface SampleOptions {
  /** Divides the scores before noise is added; 0 searches. Default 1. */
  readonly temperature?: number;
  /** `[..., K]`, Gumbel noise. Default: none, the best code is taken. */
  readonly gumbel?: tf.Tensor;
  /** The best k codes, instead of one. */
  readonly topK?: number;
}

/**
 * Chooses codes by their scores, without gradients (vector-quantize-pytorch, `gumbel_sample`).
 *
 * @param scores - `[..., K]`; the first of equal ones is taken.
 * @returns `[...]`, or `[..., k]`, best first; int32.
 */
export function sampleCodes(scores: tf.Tensor, options: SampleOptions = {}): tf.Tensor {
  const { temperature = 1, gumbel, topK } = options;
  const isSampled = gumbel !== undefined && temperature > 0;
  return detached([scores, ...(isSampled ? [gumbel] : [])], (clean, noise) => {
    const noisy = noise ? tf.add(tf.div(clean!, temperature), noise) : clean!;
    return topK === undefined ? tf.argMax(noisy, -1) : tf.topk(noisy, topK, true).indices;
  });
}

/**
 * One-hot rows whose gradient is that of a softmax of the scores.
 *
 * @param ids - `[...]`, int32; `scores` `[..., K]`.
 * @param temperature - Divides the scores. Default 1.
 * @returns `[..., K]`.
 */
export function softAssignments(ids: tf.Tensor, scores: tf.Tensor, temperature = 1): tf.Tensor {
  const soft = tf.softmax(tf.div(scores, temperature));
  return straightThrough(soft, () => assignmentsOf(ids, scores.shape.at(-1)!));
}

/**
 * Gumbel noise from uniform numbers, `-log(-log u)`, with logarithms of at least 1e-20.
 *
 * @param uniform - Any shape, 0..1.
 */
export function gumbelNoise(uniform: tf.Tensor): tf.Tensor {
  const log = (x: tf.Tensor) => tf.log(tf.maximum(x, 1e-20));
  return tf.tidy(() => tf.neg(log(tf.neg(log(uniform)))));
}
