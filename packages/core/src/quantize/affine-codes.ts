import * as tf from '@tensorflow/tfjs-core';

/** Means and variances of vectors and of codes, by head and component: `[H, 1, D]` each. */
export interface AffineStatistics {
  readonly batchMean: tf.Tensor;
  readonly batchVariance: tf.Tensor;
  readonly codebookMean: tf.Tensor;
  readonly codebookVariance: tf.Tensor;
}

/**
 * Codes moved and scaled to where the vectors are, `(e - μ_c) · σ_b / σ_c + μ_b` (arXiv 2305.08842, section 3.1).
 *
 * @param codes - `[H, K, D]`.
 */
export function affineCodes(codes: tf.Tensor, statistics: AffineStatistics): tf.Tensor3D {
  const { batchMean, batchVariance, codebookMean, codebookVariance } = statistics;
  return tf.tidy(() => {
    const scale = tf.div(deviation(batchVariance), deviation(codebookVariance));
    return tf.add(tf.mul(tf.sub(codes, codebookMean), scale), batchMean) as tf.Tensor3D;
  });
}

/**
 * The inverse for vectors, `(z - μ_b) · σ_c / σ_b + μ_c`: what the averages of an affine codebook follow.
 *
 * @param rows - `[H, M, D]`.
 */
export function affineRows(rows: tf.Tensor, statistics: AffineStatistics): tf.Tensor3D {
  const { batchMean, batchVariance, codebookMean, codebookVariance } = statistics;
  return affineCodes(rows, {
    batchMean: codebookMean,
    batchVariance: codebookVariance,
    codebookMean: batchMean,
    codebookVariance: batchVariance,
  });
}

function deviation(variance: tf.Tensor): tf.Tensor {
  return tf.sqrt(tf.maximum(variance, 1e-5));
}

/**
 * Mean and biased variance over the rows of each head.
 *
 * @param rows - `[H, M, D]`.
 * @param weights - `[M]` or `[H, M]`, 1 for rows that count and 0 for others. Default: all.
 * @returns `[H, 1, D]` each.
 */
export function rowMoments(
  rows: tf.Tensor,
  weights?: tf.Tensor,
): { readonly mean: tf.Tensor; readonly variance: tf.Tensor } {
  return tf.tidy(() => {
    if (!weights) {
      const mean = tf.mean(rows, 1, true);
      return { mean, variance: tf.mean(tf.square(tf.sub(rows, mean)), 1, true) };
    }
    const share = tf.expandDims(tf.div(weights, tf.maximum(tf.sum(weights, -1, true), 1)), -1);
    const mean = tf.sum(tf.mul(rows, share), 1, true);
    return { mean, variance: tf.sum(tf.mul(tf.square(tf.sub(rows, mean)), share), 1, true) };
  });
}
