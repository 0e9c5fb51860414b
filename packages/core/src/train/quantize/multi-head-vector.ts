import * as tf from '@tensorflow/tfjs-core';
import {
  cosineEpsilon,
  type HeadProjections,
  projectIntoHeads,
  projectOutOfHeads,
} from '../../quantize/multi-head-vector';
import type { MultiHeadVectorConfig } from '../../quantize/multi-head-vector-config';
import { l2Normalize } from '../../quantize/nearest';
import { stopGradient } from '../losses';
import { straightThrough } from '../straight-through';
import {
  type CodebookDraws,
  codebookPass,
  type CodebookPassOptions,
  type CodebookPassState,
  startByKMeans,
} from './codebook-pass';
import { codebookCrossEntropy } from './codebook-regularizers';
import { estimateGradient } from './gradient-estimator';
import { joinHeads, rowWeights, splitHeads, type VectorAxes, vectorAxes } from './head-layout';
import { type CodebookOptimizer, inPlaceCodebookLoss } from './in-place-codebook';
import { multiHeadLosses, type MultiHeadLosses } from './multi-head-losses';

/** What the official code draws at random; H and M as `splitHeads` makes them. */
export interface MultiHeadVectorDraws extends CodebookDraws {
  /** `[K]` or `[H, K]`, int32: rows that k-means starts from; present on the batch that gives the first codes. */
  readonly startRows?: tf.Tensor;
  /** `[H, M, codebookDim]`, standard normal; for directional reparameterization. */
  readonly directionNoise?: tf.Tensor;
  /** A permutation of the codes, int32, which `orthogonalRegMaxCodes` needs. */
  readonly codeOrder?: tf.Tensor;
}

export interface MultiHeadVectorTrainingOptions extends Pick<
  CodebookPassOptions,
  'topK' | 'accumulates' | 'updateWeight' | 'transformCodes' | 'codesByRow'
> {
  /** The leading axes of the vectors, bool or 0 and 1: false for padding. */
  readonly mask?: tf.Tensor;
  /** Overrides `freezeCodebook`. */
  readonly freezeCodebook?: boolean;
  /** Overrides `emaUpdate`. */
  readonly emaUpdate?: boolean;
  /** Overrides `sampleCodebookTemp`. */
  readonly sampleCodebookTemp?: number;
  /** Known ids, shaped like the ids of the result, -1 for none: the result then has `crossEntropy`. */
  readonly targets?: tf.Tensor;
  /** Moves learnable codes towards the vectors of the batch before they are searched again. */
  readonly inPlaceOptimizer?: CodebookOptimizer;
}

export interface MultiHeadVectorTraining {
  /** `[..., dim]`, or `[..., k, dim]` for the best k: the output, with the gradient of the estimator. */
  readonly quantized: tf.Tensor;
  /** `[...]`, with more heads `[..., heads]`; for the best k a last axis k. Int32, -1 where masked. */
  readonly ids: tf.Tensor;
  /** Sum of the weighted terms, a scalar; `[..., k]` for the best k. */
  readonly loss: tf.Tensor;
  /** The terms, without weights. */
  readonly losses: MultiHeadLosses & { readonly inPlaceOptimize: tf.Scalar };
  /** Of the known ids under a softmax over minus the distances; only with `targets`. */
  readonly crossEntropy?: tf.Scalar;
  /** `[H, K, D]`: gradient of the in-place loss, for a caller that applies it (`manualInPlaceOptimizerUpdate`). */
  readonly codesGradient?: tf.Tensor;
  /** The codebook after the step, without gradients. */
  readonly state: CodebookPassState;
}

/**
 * The training form of `multi-head-vector` (vector-quantize-pytorch, `VectorQuantize.forward`), channels last.
 *
 * Pure: random numbers come in as `draws`, the codebook and its statistics as `state`. Gradients reach `x`, the
 * projections and, where codes are learnable or regularised, `state.codes`. Call it inside `tidy`.
 *
 * @param x - `[..., dim]`, float32. The first axis is the batch.
 * @param state - Codebooks `[H, K, codebookDim]` with their statistics, H 1 or the number of heads.
 */
export function trainMultiHeadVector(
  x: tf.Tensor,
  params: HeadProjections,
  state: CodebookPassState,
  config: MultiHeadVectorConfig,
  draws: MultiHeadVectorDraws = {},
  options: MultiHeadVectorTrainingOptions = {},
): MultiHeadVectorTraining {
  const axes = vectorAxes(x.shape);
  const { mask, topK, freezeCodebook = config.freezeCodebook } = options;
  const wide = config.heads * config.codebookDim;
  const split = splitHeads(tf.reshape(projectIntoHeads(x, params), [axes.batch, axes.length, wide]), config);
  const rows = (config.useCosineSim ? l2Normalize(split, cosineEpsilon) : split) as tf.Tensor3D;
  const weights = mask && rowWeights(mask, config, axes);
  const passConfig = {
    ...config,
    emaUpdate: options.emaUpdate ?? config.emaUpdate,
    sampleCodebookTemp: options.sampleCodebookTemp ?? config.sampleCodebookTemp,
  };
  const learnable = config.learnableCodebook || config.orthogonalRegWeight > 0;
  const search = (from: CodebookPassState, updates: boolean) =>
    codebookPass(rows, from, passConfig, draws, { ...options, learnable, updates, ...(weights && { weights }) });

  const started = draws.startRows ? startByKMeans(rows, state, config, draws.startRows, weights) : state;
  let pass = search(started, !freezeCodebook);
  const inPlace =
    options.inPlaceOptimizer && !freezeCodebook
      ? inPlaceCodebookLoss(rows, started.codes, (codes) => search({ ...started, codes }, false).quantized, weights)
      : undefined;
  if (inPlace) {
    const { codes } = pass.state;
    const moved = config.manualInPlaceOptimizerUpdate ? codes : options.inPlaceOptimizer!(codes, inPlace.gradient);
    // Gradients of the second search still belong to the codes that came in: the official module moves them in place.
    pass = search({ ...pass.state, codes: straightThrough(state.codes, () => tf.clone(moved)) }, false);
  }

  const { loss, ...losses } = multiHeadLosses(
    {
      pass,
      rows,
      input: (config.heads === 1 && !params.projectIn ? split : rows) as tf.Tensor3D,
      codes: state.codes,
      axes,
      ...(weights && { weights }),
      ...(draws.codeOrder && { codeOrder: draws.codeOrder }),
      isFrozen: freezeCodebook,
    },
    config,
  );
  const wideRows = topK === undefined ? rows : tf.tile(tf.expandDims(rows, 2), [1, 1, topK, 1]);
  const estimated = estimateGradient(wideRows, pass.quantized, config, draws.directionNoise);
  const output = projectOutOfHeads(joinCodes(estimated, config, axes), params);
  const ids = joinIds(pass.ids, config, axes);
  return {
    quantized: mask ? maskOutput(output, mask, x, config) : output,
    ids: mask ? tf.where(alignMask(mask, ids), ids, tf.scalar(-1, 'int32')) : ids,
    loss,
    losses: { ...losses, inPlaceOptimize: inPlace?.loss ?? tf.scalar(0) },
    ...(options.targets && { crossEntropy: targetLoss(pass.scoresWithGradient(), options.targets, config, axes) }),
    ...(inPlace && { codesGradient: inPlace.gradient }),
    state: { ...pass.state, codes: stopGradient(pass.state.codes) },
  };
}

/** `[H, M, D]` to `[..., heads · D]`; `[H, M, k, D]` to `[..., k, heads · D]`. */
function joinCodes(codes: tf.Tensor, config: MultiHeadVectorConfig, axes: VectorAxes): tf.Tensor {
  const joined = joinHeads(codes, config, axes);
  const wide = config.heads * config.codebookDim;
  if (joined.rank === 4) return tf.reshape(joined, [...axes.leading, wide]);
  return tf.reshape(tf.transpose(joined, [0, 1, 3, 2, 4]), [...axes.leading, joined.shape[3]!, wide]);
}

function joinIds(ids: tf.Tensor, config: MultiHeadVectorConfig, axes: VectorAxes): tf.Tensor {
  const joined = joinHeads(ids, config, axes);
  const heads = config.heads === 1 ? [] : [config.heads];
  return tf.reshape(joined, [...axes.leading, ...heads, ...joined.shape.slice(3)]);
}

function maskOutput(output: tf.Tensor, mask: tf.Tensor, x: tf.Tensor, config: MultiHeadVectorConfig): tf.Tensor {
  if (config.returnZerosForMaskedPadding) return tf.where(alignMask(mask, output), output, tf.zerosLike(output));
  const padding = output.rank === x.rank ? x : tf.expandDims(x, -2);
  return tf.where(alignMask(mask, output), output, tf.add(tf.zerosLike(output), padding));
}

/** The mask with axes of length 1 for those that `tensor` has behind the leading ones. */
function alignMask(mask: tf.Tensor, tensor: tf.Tensor): tf.Tensor {
  const others = new Array<number>(tensor.rank - mask.rank).fill(1);
  return tf.reshape(tf.cast(mask, 'bool'), [...mask.shape, ...others]);
}

function targetLoss(
  scores: tf.Tensor3D,
  targets: tf.Tensor,
  config: MultiHeadVectorConfig,
  axes: VectorAxes,
): tf.Scalar {
  const byHead = tf.reshape(targets, [axes.batch, axes.length, config.heads]);
  return codebookCrossEntropy(scores, tf.squeeze(splitHeads(byHead, config), [2]));
}
