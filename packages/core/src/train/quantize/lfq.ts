import * as tf from '@tensorflow/tfjs-core';
import { codeAmplitude, idsWhereTheyFit, quantizeBits, vectorsOfSigns, type BinaryParams } from '../../quantize/lfq';
import type { LfqConfig } from '../../quantize/lfq-quantizer';
import { bitEntropies, clampedEntropy, jointProbabilities } from './binary-entropy';
import { commitmentOf, passThrough, rowsOf, shares, signWithoutGradient, weightedMean } from './sign-training';

export interface LfqTraining {
  /** `[..., dim]`, with the gradient of the identity through the signs. */
  readonly quantized: tf.Tensor;
  /** As the quantizer gives them; absent where a codebook has more than 31 bits. */
  readonly ids?: tf.Tensor;
  /** Weighted sum of the terms. */
  readonly loss: tf.Scalar;
  /** Mean entropy of one vector's codes, nats. */
  readonly perSampleEntropy: tf.Scalar;
  /** Entropy of the mean distribution, nats. */
  readonly batchEntropy: tf.Scalar;
  /** Mean squared distance of vectors and codes; 0 where its weight is 0. */
  readonly commitment: tf.Scalar;
}

export interface LfqTrainingOptions {
  /** Default 100. */
  readonly inverseTemperature?: number;
  /** `[...]`, float32 1 where a position counts for the losses, 0 elsewhere. Default all. */
  readonly mask?: tf.Tensor;
  /** `[...]`, float32 1 for the share of positions that was drawn for the entropies (`sampledShare`). Default all. */
  readonly sampled?: tf.Tensor;
  /** Applied to the latents that carry the gradient. Default the identity. */
  readonly activation?: (x: tf.Tensor) => tf.Tensor;
}

/**
 * The training form of {@link lfqQuantizer}.
 *
 * @param x - `[..., dim]`.
 * @throws {ConfigError} `codebook_size` where a codebook has more than 12 bits and `entropyForm` is `joint`.
 */
export function trainLfq(
  x: tf.Tensor,
  params: BinaryParams,
  config: LfqConfig,
  { inverseTemperature = 100, mask, sampled, activation = (latents) => latents }: LfqTrainingOptions = {},
): LfqTraining {
  const { entropyWeight, commitmentWeight, diversity, softplusOffset } = config;
  const { latents, codes, bits } = quantizeBits(x, params, config, signWithoutGradient);
  const drawn = mask && sampled ? tf.mul(mask, sampled) : (mask ?? sampled);
  const { perSampleEntropy, batchEntropy } = entropiesOf(latents, config, inverseTemperature, shares(drawn));
  const term = tf.sub(perSampleEntropy, tf.mul(batchEntropy, diversity));
  const entropy = softplusOffset === undefined ? term : tf.softplus(tf.add(term, softplusOffset));
  const commitment = commitmentWeight > 0 ? commitmentOf(latents, codes, shares(mask)) : tf.scalar(0);
  return {
    quantized: vectorsOfSigns(passThrough(activation(latents), codes), params),
    ...idsWhereTheyFit(bits, config),
    loss: tf.add(tf.mul(entropy, entropyWeight), tf.mul(commitment, commitmentWeight)),
    perSampleEntropy,
    batchEntropy,
    commitment,
  };
}

type Entropies = Pick<LfqTraining, 'perSampleEntropy' | 'batchEntropy'>;

/** Those of lucidrains: one distribution a codebook, averaged over codebooks. */
function entropiesOf(
  latents: tf.Tensor,
  config: LfqConfig,
  inverseTemperature: number,
  weights: tf.Tensor2D | undefined,
): Entropies {
  const amplitude = codeAmplitude(config);
  if (config.entropyForm === 'factorized') {
    const parts = tf.unstack(latents, -2).map((codebook) => {
      const scale = 4 * amplitude * inverseTemperature;
      const { samples, mean } = bitEntropies(rowsOf(codebook, 1), scale, 'lfq: codebook_size', weights);
      return { perSampleEntropy: weightedMean(samples, weights), batchEntropy: clampedEntropy(mean) };
    });
    const average = (name: keyof Entropies) =>
      tf.div(tf.addN(parts.map((part) => part[name])), parts.length) as tf.Scalar;
    return { perSampleEntropy: average('perSampleEntropy'), batchEntropy: average('batchEntropy') };
  }
  const probabilities = jointProbabilities(latents, amplitude, inverseTemperature, 'lfq: codebook_size');
  const perCodebook = tf.reshape(probabilities, [-1, ...probabilities.shape.slice(-2)]);
  const mean = weights ? tf.sum(tf.mul(perCodebook, tf.expandDims(weights, 1)), 0) : tf.mean(perCodebook, 0);
  const samples = tf.mean(clampedEntropy(perCodebook), 1);
  return {
    perSampleEntropy: weightedMean(samples, weights),
    batchEntropy: tf.mean(clampedEntropy(mean)) as tf.Scalar,
  };
}
