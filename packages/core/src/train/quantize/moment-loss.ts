import * as tf from '@tensorflow/tfjs-core';
import type { MomentGoals } from '../../quantize/fsp';

/** Moments of every column, `[D]` each. */
export interface Moments {
  readonly mean: tf.Tensor;
  /** Divided by the number of rows less 1. */
  readonly variance: tf.Tensor;
  readonly skewness: tf.Tensor;
  /** Of a normal distribution 0. */
  readonly kurtosis: tf.Tensor;
}

/**
 * Moments over the rows.
 *
 * @param rows - `[N, D]`, N at least 2: one row has no variance.
 */
export function momentsOf(rows: tf.Tensor2D): Moments {
  const count = rows.shape[0];
  const mean = tf.mean(rows, 0);
  const centered = tf.sub(rows, mean);
  const variance = tf.div(tf.sum(tf.square(centered), 0), count - 1);
  const scores = tf.div(centered, tf.maximum(tf.sqrt(variance), 1e-8));
  const power = (exponent: number) => {
    const squares = tf.square(scores);
    return tf.mean(tf.mul(squares, exponent === 3 ? scores : squares), 0);
  };
  return { mean, variance, skewness: power(3), kurtosis: tf.sub(power(4), 3) };
}

/** Weighted sum of squared differences from the goals, each averaged over columns. */
export function momentLoss({ mean, variance, skewness, kurtosis }: Moments, goals: MomentGoals): tf.Scalar {
  const terms = [mean, variance, skewness, kurtosis].map((moment, index) => {
    const { target, weight } = goals[index]!;
    return tf.mul(tf.mean(tf.square(tf.sub(moment, target))), weight);
  });
  return tf.addN(terms) as tf.Scalar;
}
