import * as tf from '@tensorflow/tfjs-core';
import { detached } from '../detached';
import { stopGradient } from '../losses';
import { assignmentsOf } from './kmeans';

export interface SampleOptions {
  /** Divides the scores before noise is added; 0 searches. Default 1. */
  readonly temperature?: number;
  /** `[..., K]`, Gumbel noise. Default: none, the best code is taken. */
  readonly gumbel?: tf.Tensor;
  /** The best k codes, instead of one. */
  readonly topK?: number;
  /** Give one-hot rows whose gradient is that of a softmax of the scores over the temperature. Default false. */
  readonly straightThrough?: boolean;
}

export interface SampledCodes {
  /** `[...]`, or `[..., k]`: best first; int32. */
  readonly ids: tf.Tensor;
  /** `[..., K]`: one-hot rows with a gradient. Only with `straightThrough`, and not for the best k. */
  readonly hot?: tf.Tensor;
}

/**
 * Chooses codes by their scores (vector-quantize-pytorch, `gumbel_sample`).
 *
 * @param scores - `[..., K]`; the first of equal ones is taken.
 */
export function sampleCodes(scores: tf.Tensor, options: SampleOptions = {}): SampledCodes {
  const { temperature = 1, gumbel, topK, straightThrough = false } = options;
  const isSampled = gumbel !== undefined && temperature > 0;
  const ids = detached([scores, ...(isSampled ? [gumbel] : [])], (clean, noise) => {
    const noisy = noise ? tf.add(tf.div(clean!, temperature), noise) : clean!;
    return topK === undefined ? tf.argMax(noisy, -1) : tf.topk(noisy, topK, true).indices;
  });
  if (topK !== undefined || !straightThrough || temperature <= 0) return { ids };
  const soft = tf.softmax(tf.div(scores, temperature));
  const hot = assignmentsOf(ids, scores.shape.at(-1)!);
  return { ids, hot: tf.add(hot, tf.sub(soft, stopGradient(soft))) };
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
