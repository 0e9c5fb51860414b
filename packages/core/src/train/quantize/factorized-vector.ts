import * as tf from '@tensorflow/tfjs-core';
import { linear } from '../../nn/linear';
import {
  factorizedForm,
  type FactorizedVectorParams,
  type ResidualFactorizedConfig,
  type ResidualFactorizedParams,
} from '../../quantize/factorized-vector';
import { encodeVectors } from '../../quantize/vector';
import { detached, lookupRows } from '../detached';
import { stopGradient } from '../losses';
import { straightThrough } from '../straight-through';
import { itemMask, keptByItem } from './item-dropout';

export interface FactorizedVectorTraining {
  /** `[B, ..., dim]`: straight-through between the projections. */
  readonly quantized: tf.Tensor;
  /** `[B, ...]`, int32. */
  readonly ids: tf.Tensor;
  /** `[B, ..., codeDim]`. */
  readonly projected: tf.Tensor;
  /** `[B]`: `mean (projected - sg(code))²` of each item. DAC weighs it 0.25. */
  readonly commitmentLoss: tf.Tensor1D;
  /** `[B]`: `mean (code - sg(projected))²` of each item. DAC weighs it 1. */
  readonly codebookLoss: tf.Tensor1D;
}

/**
 * The training form of `factorized-vector` (DAC, `VectorQuantize.forward`). Call it inside `tidy`.
 *
 * @param x - `[B, ..., dim]`, float32.
 */
export function trainFactorizedVector(x: tf.Tensor, params: FactorizedVectorParams): FactorizedVectorTraining {
  const { projectIn, projectOut, codebook } = params;
  const projected = linear(x, projectIn);
  const ids = detached(
    [projected, codebook],
    (vectors, table) => encodeVectors(vectors!, table as tf.Tensor2D, factorizedForm).ids,
  );
  const codes = lookupRows(codebook, ids);
  return {
    quantized: linear(
      straightThrough(projected, () => tf.clone(codes)),
      projectOut,
    ),
    ids,
    projected,
    commitmentLoss: itemMeans(tf.squaredDifference(projected, stopGradient(codes))),
    codebookLoss: itemMeans(tf.squaredDifference(codes, stopGradient(projected))),
  };
}

function itemMeans(values: tf.Tensor): tf.Tensor1D {
  const axes = values.shape.map((_, axis) => axis).slice(1);
  return tf.mean(values, axes) as tf.Tensor1D;
}

export interface ResidualFactorizedDraws {
  /** `[B]`: how many layers an item keeps; the first `floor(B · quantizerDropout)` count. Default: all keep all. */
  readonly keptLayers?: tf.Tensor;
}

export interface ResidualFactorizedTraining {
  /** `[B, ..., dim]`: the sum of the layers that each item keeps. */
  readonly quantized: tf.Tensor;
  /** `[B, Q, ...]`, int32, of all layers. */
  readonly ids: tf.Tensor;
  /** `[B, ..., Σ codeDim]`. */
  readonly projected: tf.Tensor;
  /** Sums over the layers of the mean over items; layers that an item drops count as 0. */
  readonly commitmentLoss: tf.Scalar;
  readonly codebookLoss: tf.Scalar;
}

/**
 * The training form of `residual-factorized` (DAC, `ResidualVectorQuantize.forward`): quantizer dropout leaves layers
 * out of the sum of an item, the residual is reduced by every layer, and gradients pass through it. Call it inside
 * `tidy`.
 *
 * @param x - `[B, ..., dim]`, float32.
 */
export function trainResidualFactorized(
  x: tf.Tensor,
  { layers }: ResidualFactorizedParams,
  { quantizerDropout }: Pick<ResidualFactorizedConfig, 'quantizerDropout'>,
  { keptLayers }: ResidualFactorizedDraws = {},
): ResidualFactorizedTraining {
  const kept = keptLayers && keptByItem(keptLayers, layers.length, quantizerDropout);
  let residual = x;
  const steps = layers.map((params, layer) => {
    const step = trainFactorizedVector(residual, params);
    residual = tf.sub(residual, step.quantized);
    const masked = (values: tf.Tensor) => (kept ? tf.mul(values, itemMask(kept, layer, values.rank)) : values);
    return {
      ids: step.ids,
      projected: step.projected,
      quantized: masked(step.quantized),
      commitmentLoss: tf.mean(masked(step.commitmentLoss)),
      codebookLoss: tf.mean(masked(step.codebookLoss)),
    };
  });
  const sumOf = (name: 'quantized' | 'commitmentLoss' | 'codebookLoss') => tf.addN(steps.map((step) => step[name]));
  return {
    quantized: sumOf('quantized'),
    ids: tf.stack(
      steps.map(({ ids }) => ids),
      1,
    ),
    projected: tf.concat(
      steps.map(({ projected }) => projected),
      -1,
    ),
    commitmentLoss: sumOf('commitmentLoss') as tf.Scalar,
    codebookLoss: sumOf('codebookLoss') as tf.Scalar,
  };
}
