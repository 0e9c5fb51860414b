import * as tf from '@tensorflow/tfjs-core';
import { leaveCodebookAxis, mergeCodebooks, project } from '../../quantize/codebook-layout';
import { mixedRadixNumbers } from '../../quantize/integer-division';
import { nearestValues, type LatentConfig, type LatentParams } from '../../quantize/latent';
import { detached } from '../detached';
import { meanSquaredLoss, stopGradient } from '../losses';

export interface LatentTraining {
  /** `[..., dim]`, with the gradient of the identity through the values. */
  readonly quantized: tf.Tensor;
  readonly ids: tf.Tensor;
  /** Weighted sum of both terms. */
  readonly loss: tf.Scalar;
  /** `mse(sg(x), quantized)`. */
  readonly commitment: tf.Scalar;
  /** `mse(sg(quantized), x)`. */
  readonly quantization: tf.Scalar;
}

/**
 * The training form of {@link latentQuantizer}. As in the official code the values themselves get no gradient.
 *
 * @param x - `[..., dim]`.
 */
export function trainLatent(x: tf.Tensor, params: LatentParams, config: LatentConfig): LatentTraining {
  const { projectIn, projectOut } = params;
  const inner: LatentConfig = { ...config, dim: config.codebooks * config.codebookDim };
  const values = params.values ? { values: params.values } : {};
  const latents = project(x, projectIn);
  const search = (vectors: tf.Tensor) => nearestValues(vectors, values, inner);
  const digits = detached([latents], (vectors) => search(vectors!).digits);
  const codes = detached([latents], (vectors) => mergeCodebooks(search(vectors!).codes));
  const quantized = project(tf.add(latents, stopGradient(tf.sub(codes, latents))), projectOut);
  const commitment = meanSquaredLoss(stopGradient(x), quantized);
  const quantization = meanSquaredLoss(stopGradient(quantized), x);
  return {
    quantized,
    ids: leaveCodebookAxis(mixedRadixNumbers(digits, config.levels), config),
    loss: tf.add(tf.mul(commitment, config.commitmentWeight), tf.mul(quantization, config.quantizationWeight)),
    commitment,
    quantization,
  };
}
