import * as tf from '@tensorflow/tfjs-core';

/** A diagonal Gaussian posterior: `mean` and log-variance, the last axis halved. */
export interface GaussianPosterior {
  readonly mean: tf.Tensor;
  /** Clamped to -30..20, as the latent diffusion code does. */
  readonly logVariance: tf.Tensor;
}

/** Splits `[..., 2 D]` into the two halves of `[..., D]`. */
export function gaussianPosterior(parameters: tf.Tensor): GaussianPosterior {
  const [mean, logVariance] = tf.split(parameters, 2, -1) as [tf.Tensor, tf.Tensor];
  return { mean, logVariance: tf.clipByValue(logVariance, -30, 20) };
}

/** `mean + exp(logVariance / 2) · noise`. */
export function samplePosterior({ mean, logVariance }: GaussianPosterior, noise: tf.Tensor): tf.Tensor {
  return tf.tidy(() => tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise)));
}
