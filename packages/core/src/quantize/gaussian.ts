import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors/shape-error';

/** A diagonal Gaussian posterior: `mean` and log-variance, the last axis halved. */
export interface GaussianPosterior {
  readonly mean: tf.Tensor;
  /** Clamped to -30..20, as the latent diffusion code does. */
  readonly logVariance: tf.Tensor;
}

/** Splits `[..., 2 D]` into the two halves of `[..., D]`. @throws {ShapeError} An odd number of channels. */
export function gaussianPosterior(parameters: tf.Tensor): GaussianPosterior {
  if (parameters.shape.at(-1)! % 2 !== 0) {
    throw new ShapeError('gaussianPosterior: parameters', '[..., an even number]', parameters.shape);
  }
  const [mean, logVariance] = tf.split(parameters, 2, -1) as [tf.Tensor, tf.Tensor];
  return { mean, logVariance: tf.clipByValue(logVariance, -30, 20) };
}

/** The most likely latents, `[..., D]`: the mean. */
export function posteriorMode({ mean }: GaussianPosterior): tf.Tensor {
  return mean;
}

/** `mean + exp(logVariance / 2) · noise`. @param noise - `[..., D]`, standard normal. */
export function samplePosterior({ mean, logVariance }: GaussianPosterior, noise: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise)));
}

/**
 * Kullback-Leibler divergence of every item: `1/2 Σ (μ² + σ² - 1 - log σ²)`, summed over all axes but the first.
 *
 * @param other - What to diverge from, same shape; default the standard normal distribution.
 * @returns `[B]`, nats.
 */
export function gaussianDivergence({ mean, logVariance }: GaussianPosterior, other?: GaussianPosterior): tf.Tensor1D {
  return tf.tidy(() => {
    const variance = tf.exp(logVariance);
    if (!other) {
      return perItem(tf.sub(tf.sub(tf.add(tf.square(mean), variance), 1), logVariance));
    }
    const otherVariance = tf.exp(other.logVariance);
    const distance = tf.div(tf.squaredDifference(mean, other.mean), otherVariance);
    const ratio = tf.sub(tf.add(distance, tf.div(variance, otherVariance)), 1);
    return perItem(tf.add(tf.sub(ratio, logVariance), other.logVariance));
  });
}

/**
 * Negative log-likelihood of latents under the posterior, summed over all axes but the first.
 *
 * @param sample - `[B, ..., D]`.
 * @returns `[B]`, nats.
 */
export function gaussianNegativeLogLikelihood(
  { mean, logVariance }: GaussianPosterior,
  sample: tf.Tensor,
): tf.Tensor1D {
  return tf.tidy(() => {
    const distance = tf.div(tf.squaredDifference(sample, mean), tf.exp(logVariance));
    return perItem(tf.add(tf.add(logVariance, Math.log(2 * Math.PI)), distance));
  });
}

/** Half the sum over all axes but the first. */
function perItem(terms: tf.Tensor): tf.Tensor1D {
  const axes = terms.shape.map((_, axis) => axis).slice(1);
  return tf.mul(axes.length === 0 ? terms : tf.sum(terms, axes), 0.5) as tf.Tensor1D;
}
