import * as tf from '@tensorflow/tfjs-core';
import { bitSigns, signBits } from '../../quantize/bits';
import { bsqAmplitude, bsqIds, bsqLatents, type BsqConfig } from '../../quantize/bsq';
import { stopGradient } from '../losses';
import { straightThrough } from '../straight-through';
import { jointProbabilities, offsetEntropy } from './binary-entropy';
import { signWithoutGradient } from './sign-training';

export interface BsqTraining {
  /** `[..., dim]`. The gradient to the normalized vectors is that of `±1` times the code's component, `1/√dim`. */
  readonly quantized: tf.Tensor;
  /** As {@link bsqQuantizer} gives them. */
  readonly ids?: tf.Tensor;
  readonly groupIds?: tf.Tensor;
  readonly bits: tf.Tensor;
  /** `[..., dim]`: the vectors that were quantized. */
  readonly latents: tf.Tensor;
  /** `beta · commitment + zeta · (gamma0 · perSampleEntropy - gamma · batchEntropy) / inverseTemperature`. */
  readonly loss: tf.Scalar;
  /** Mean over vectors of the squared distance to the code, summed over bits. */
  readonly commitment: tf.Scalar;
  /** Nats, summed over groups. */
  readonly perSampleEntropy: tf.Scalar;
  /** Nats, of the mean distribution, summed over groups. */
  readonly batchEntropy: tf.Scalar;
  /** `[G, 2^g]`, or `[dim, 2]` (analytical). */
  readonly meanProbabilities: tf.Tensor2D;
}

/**
 * The training form of {@link bsqQuantizer}.
 *
 * @param x - `[..., dim]`.
 * @throws {ConfigError} `group_size` above 12 without `analytical` entropies.
 */
export function trainBsq(x: tf.Tensor, config: BsqConfig): BsqTraining {
  const { beta, gamma0, gamma, zeta, inverseTemperature } = config;
  const amplitude = bsqAmplitude(config);
  const latents = bsqLatents(x, config);
  const quantized = tf.mul(
    straightThrough(latents, (vectors) => bitSigns(signBits(vectors))),
    amplitude,
  );
  const probabilities = groupProbabilities(latents, config);
  const meanProbabilities = tf.mean(tf.reshape(probabilities, [-1, ...probabilities.shape.slice(-2)]), 0);
  const perSampleEntropy = tf.mean(tf.sum(offsetEntropy(probabilities, 1e-8), -1));
  const batchEntropy = tf.sum(offsetEntropy(meanProbabilities, 1e-8));
  const penalty = tf.sub(tf.mul(perSampleEntropy, gamma0), tf.mul(batchEntropy, gamma));
  const commitment = tf.mean(tf.sum(tf.squaredDifference(stopGradient(quantized), latents), -1));
  return {
    quantized,
    ...bsqIds(signWithoutGradient(latents), config),
    latents,
    loss: tf.add(tf.mul(commitment, beta), tf.mul(penalty, zeta / inverseTemperature)),
    commitment: commitment as tf.Scalar,
    perSampleEntropy: perSampleEntropy as tf.Scalar,
    batchEntropy: batchEntropy as tf.Scalar,
    meanProbabilities: meanProbabilities as tf.Tensor2D,
  };
}

/** `[..., G, 2^g]`, or of single bits `[..., dim, 2]`: of bit 0 and of bit 1. */
function groupProbabilities(latents: tf.Tensor, config: BsqConfig): tf.Tensor {
  const { dim, groupSize, sampleEntropy, inverseTemperature } = config;
  const amplitude = bsqAmplitude(config);
  if (sampleEntropy === 'analytical') {
    const zero = tf.sigmoid(tf.mul(latents, -4 * amplitude * inverseTemperature));
    return tf.stack([zero, tf.sub(1, zero)], -1);
  }
  const groups = tf.reshape(latents, [...latents.shape.slice(0, -1), dim / groupSize, groupSize]);
  return jointProbabilities(groups, amplitude, inverseTemperature, 'bsq: group_size');
}
