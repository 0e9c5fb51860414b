import * as tf from '@tensorflow/tfjs-core';
import type { LinearParams } from '../../nn/linear';
import { type ImplicitCodebookParams, implicitCodes } from '../../quantize/implicit-codebook';
import type { ResidualVectorConfig } from '../../quantize/residual-vector-config';
import { stopGradient } from '../losses';
import type { CodebookPassState } from './codebook-pass';
import type { MultiHeadVectorDraws, MultiHeadVectorTrainingOptions } from './multi-head-vector';

/** Trainable parts besides the codebooks. */
export interface ResidualVectorLayers {
  readonly projectIn?: LinearParams;
  readonly projectOut?: LinearParams;
  readonly implicit?: readonly ImplicitCodebookParams[];
}

/** What the official code draws at random. */
export interface ResidualVectorDraws {
  /** For each layer, as `trainMultiHeadVector` takes them. */
  readonly layers?: readonly MultiHeadVectorDraws[];
  /** Layers that the batch keeps, 1 to all; see `drawKeptLayers`. Default: all. */
  readonly keptLayers?: number;
  /** `[R]`, int32: rows of the first item, all layers of a place before the next place, for dead codes of a shared codebook. */
  readonly sharedDeadCodeRows?: tf.Tensor;
  /** `[..., codebookDim]`, standard normal, where `diveq` is on. */
  readonly directionNoise?: tf.Tensor;
}

export type ResidualVectorTrainingOptions = Pick<
  MultiHeadVectorTrainingOptions,
  'mask' | 'freezeCodebook' | 'sampleCodebookTemp' | 'inPlaceOptimizer'
> & {
  /** Overrides `beamSize`. */
  readonly beamSize?: number;
  /** Which layers learn from the beam that wins: `all` (default), or `first` alone, as in the official code. */
  readonly beamUpdates?: 'all' | 'first';
};

/** What the layers leave behind. */
export interface ResidualPass {
  readonly sum: tf.Tensor;
  /** Of the layers that ran. */
  readonly ids: readonly tf.Tensor[];
  readonly losses: readonly tf.Tensor[];
  /** `[..., codebookDim]`: what each of them saw. */
  readonly inputs: readonly tf.Tensor[];
  readonly states: readonly CodebookPassState[];
  /** Gradients of in-place losses, where the caller applies them. */
  readonly codesGradients: readonly tf.Tensor[];
}

/** How an implicit layer makes its codebooks out of the sum so far. */
export function layerOptions(
  sum: tf.Tensor,
  { implicit }: ResidualVectorLayers,
  { layers, codebookDim }: ResidualVectorConfig,
  layer: number,
): Pick<MultiHeadVectorTrainingOptions, 'codesByRow'> {
  const mlp = layer > 0 ? implicit?.[layer - 1] : undefined;
  if (!mlp) return {};
  const normalize = layers[layer]!.useCosineSim;
  return {
    codesByRow(codes) {
      const table = tf.reshape(codes, [codes.shape[1], codebookDim]) as tf.Tensor2D;
      const own = implicitCodes(table, tf.reshape(sum, [-1, codebookDim]) as tf.Tensor2D, mlp, { normalize });
      return tf.expandDims(own, 0) as tf.Tensor4D;
    },
  };
}

/** The same values with a part of the gradient, 0..1. */
export function fractionalGradient(x: tf.Tensor, fraction: number): tf.Tensor {
  if (fraction <= 0) return stopGradient(x);
  if (fraction >= 1) return x;
  return tf.add(tf.mul(x, fraction), tf.mul(stopGradient(x), 1 - fraction));
}
