import * as tf from '@tensorflow/tfjs-core';
import { l2Normalize } from '../../quantize/nearest';
import { squaredDistances } from '../../quantize/nearest-blocks';
import { encodeVectors, queryVectors, searchCodebook, type VectorForm } from '../../quantize/vector';
import { detached, lookupRows } from '../detached';
import { meanSquaredLoss, stopGradient } from '../losses';
import { straightThrough } from '../straight-through';
import { directionalReparameterization } from './directional-reparameterization';
import { entropyLoss } from './entropy-loss';
import { rotationTrick } from './rotation-trick';

/** How gradients get from the code to the vector. */
export type VectorEstimator = 'straight-through' | 'rotation' | 'rotation-official' | 'directional';

export interface VectorTrainingConfig extends VectorForm {
  /** Weight β. Default 0.25. */
  readonly beta?: number;
  /** β weighs the codebook's part instead of the encoder's (taming's default). Default false. */
  readonly legacy?: boolean;
  /** Weight of the entropy of `softmax(-distance / T)`, T = `temperature`. Default 0. */
  readonly entropyWeight?: number;
  /** Default 0.01. */
  readonly temperature?: number;
  /** Default `straight-through`. */
  readonly estimator?: VectorEstimator;
  /** Variance of the noise of `directional`. Default 5e-3. */
  readonly directionalVariance?: number;
  /** What losses and estimator see: the vectors as they are searched, or as they came (DAC, VAR). Default `query`. */
  readonly lossOf?: 'query' | 'input';
  /** Squares are averaged over all elements, or summed over a vector first (bsq-vit). Default `mean`. */
  readonly reduction?: 'mean' | 'sum-of-vector';
}

export interface VectorTraining {
  /** `[..., D]`: the codes, with the gradient of the estimator. */
  readonly quantized: tf.Tensor;
  /** `[...]`, int32. */
  readonly ids: tf.Tensor;
  /** Sum of the three parts. */
  readonly loss: tf.Scalar;
  /** Pulls codes to vectors, weighted. */
  readonly codebookLoss: tf.Scalar;
  /** Pulls vectors to codes, weighted. */
  readonly commitmentLoss: tf.Scalar;
  /** Weighted; 0 where its weight is 0. */
  readonly entropyLoss: tf.Scalar;
}

/**
 * The training form of a plain vector quantizer (VQ-VAE, arXiv 1711.00937): taming's `VectorQuantizer2`, LlamaGen,
 * LaVIT, DAC, bsq-vit. The loss is `mean (q - sg(z))² + β mean (sg(q) - z)²`, β elsewhere with `legacy`.
 *
 * @param x - `[..., D]`, float32; `codebook` `[K, D]`.
 * @param draws - `noise` for `directional`: normal, of the shape of `x`.
 */
export function trainVectors(
  x: tf.Tensor,
  codebook: tf.Tensor2D,
  config: VectorTrainingConfig = {},
  draws: { readonly noise?: tf.Tensor } = {},
): VectorTraining {
  const { beta = 0.25, legacy = false, lossOf = 'query' } = config;
  const ids = detached([x, codebook], (z, table) => encodeVectors(z, table as tf.Tensor2D, config).ids);
  const rows = lookupRows(codebook, ids);
  const codes = config.normalizeOutput ? l2Normalize(rows, config.l2Epsilon) : rows;
  const z = lossOf === 'query' ? queryVectors(x, config) : x;
  const codebookLoss = weighted(squares(codes, stopGradient(z), config), legacy ? beta : 1);
  const commitmentLoss = weighted(squares(stopGradient(codes), z, config), legacy ? 1 : beta);
  const entropy = entropyPart(x, codebook, config);
  return {
    quantized: estimate(z, codes, config, draws.noise),
    ids,
    loss: tf.add(tf.add(codebookLoss, commitmentLoss), entropy) as tf.Scalar,
    codebookLoss,
    commitmentLoss,
    entropyLoss: entropy,
  };
}

/** The codes, with a gradient to the vectors. */
export function estimate(
  z: tf.Tensor,
  codes: tf.Tensor,
  { estimator = 'straight-through', directionalVariance }: VectorTrainingConfig,
  noise?: tf.Tensor,
): tf.Tensor {
  switch (estimator) {
    case 'straight-through':
      return straightThrough(z, () => tf.clone(codes));
    case 'rotation':
      return rotationTrick(z, codes, 'lucidrains');
    case 'rotation-official':
      return rotationTrick(z, codes, 'official');
    case 'directional':
      return directionalReparameterization(z, codes, noise ?? tf.zerosLike(z), directionalVariance);
  }
}

function squares(a: tf.Tensor, b: tf.Tensor, { reduction = 'mean' }: VectorTrainingConfig): tf.Scalar {
  const mean = meanSquaredLoss(a, b);
  return reduction === 'mean' ? mean : weighted(mean, a.shape.at(-1)!);
}

function weighted(loss: tf.Scalar, weight: number): tf.Scalar {
  return tf.mul(loss, weight) as tf.Scalar;
}

function entropyPart(x: tf.Tensor, codebook: tf.Tensor2D, config: VectorTrainingConfig): tf.Scalar {
  const { entropyWeight = 0, temperature } = config;
  if (entropyWeight === 0) return tf.scalar(0);
  const rows = tf.reshape(queryVectors(x, config), [-1, codebook.shape[1]]) as tf.Tensor2D;
  const distances = squaredDistances(rows, searchCodebook(codebook, config));
  const { loss } = entropyLoss(tf.neg(distances), temperature === undefined ? {} : { temperature });
  return weighted(loss, entropyWeight);
}
