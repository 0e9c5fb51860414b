import * as tf from '@tensorflow/tfjs-core';
import type { FactorizedLfqConfig } from '../../quantize/factorized-lfq';
import { idsWhereTheyFit, quantizeBits, vectorsOfSigns } from '../../quantize/lfq';
import { bitEntropies, offsetEntropy } from './binary-entropy';
import type { LfqTraining } from './lfq';
import { commitmentOf, passThrough, rowsOf, shares, signWithoutGradient } from './sign-training';

export interface FactorizedLfqTraining extends LfqTraining {
  /** `sampleWeight · perSampleEntropy - batchWeight · batchEntropy`. */
  readonly entropyLoss: tf.Scalar;
}

/**
 * The training form of {@link magvit2LfqQuantizer} and of {@link gqQuantizer}: entropies at temperature 0.01, over one
 * distribution of codes for all positions and codebooks.
 *
 * @param x - `[..., dim]`.
 * @param mask - `[...]`, float32 1 where a position counts for the commitment. Default all.
 * @throws {ConfigError} `codebook_size` where a codebook has more than 24 bits.
 */
export function trainFactorizedLfq(x: tf.Tensor, config: FactorizedLfqConfig, mask?: tf.Tensor): FactorizedLfqTraining {
  const { sampleWeight, batchWeight, entropyWeight, commitmentWeight } = config;
  const { latents, codes, bits } = quantizeBits(x, {}, config, signWithoutGradient);
  const { samples, mean } = bitEntropies(rowsOf(latents, 1), 4 / 0.01, 'lookup-free quantization: codebook_size');
  const perSampleEntropy = tf.mean(samples) as tf.Scalar;
  const batchEntropy = offsetEntropy(mean, 1e-5) as tf.Scalar;
  const entropyLoss = tf.sub(tf.mul(perSampleEntropy, sampleWeight), tf.mul(batchEntropy, batchWeight)) as tf.Scalar;
  const commitment = commitmentOf(latents, codes, shares(mask));
  return {
    quantized: vectorsOfSigns(passThrough(latents, codes), {}),
    ...idsWhereTheyFit(bits, config),
    loss: tf.add(tf.mul(entropyLoss, entropyWeight), tf.mul(commitment, commitmentWeight)),
    entropyLoss,
    perSampleEntropy,
    batchEntropy,
    commitment,
  };
}
