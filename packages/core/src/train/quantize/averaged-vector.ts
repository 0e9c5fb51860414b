import * as tf from '@tensorflow/tfjs-core';
import { averagedVectorForm, type AveragedVectorParams } from '../../quantize/averaged-vector';
import type { AveragedVectorConfig } from '../../quantize/averaged-vector-config';
import { projectIntoHeads, projectOutOfHeads } from '../../quantize/multi-head-vector';
import { l2Normalize } from '../../quantize/nearest';
import { encodeVectors, queryVectors, searchCodebook, type VectorForm } from '../../quantize/vector';
import { detached, lookupRows } from '../detached';
import { meanSquaredLoss, stopGradient } from '../losses';
import { straightThrough } from '../straight-through';
import { countUse, updateByBatch } from './averaged-update';
import type { CodebookFlavor } from './codebook-flavors';
import { orthogonalLoss } from './codebook-regularizers';
import { type CodebookState, startCodebook } from './ema-codebook';
import { joinHeads, splitHeads, vectorAxes } from './head-layout';
import { assignmentsOf, kMeans } from './kmeans';
import { sampleCodes } from './sample-codes';
import { codePerplexity } from './usage-ring';

/** Options of training. A configuration of EnCodec or of {@link AveragedVectorConfig} fits, with its `flavor`. */
export interface AveragedTrainingConfig extends Partial<
  Omit<AveragedVectorConfig, 'flavor' | 'codebookSize' | 'codebookDim'>
> {
  readonly flavor: Exclude<CodebookFlavor, 'lucidrains'>;
  readonly codebookSize: number;
  readonly codebookDim: number;
}

/** What the official code draws at random. */
export interface AveragedVectorDraws {
  /** `[K]`, int32: rows that k-means starts from; present on the batch that gives the first codes. */
  readonly startRows?: tf.Tensor;
  /** `[R]`, int32: rows for dead codes; EnCodec takes one for each code. Default: dead codes stay. */
  readonly deadCodeRows?: tf.Tensor;
  /** `[K, codebookDim]`, standard normal, for `linde_buzo_gray`. Default: none, which float32 cannot tell apart. */
  readonly splitNoise?: tf.Tensor;
  /** `[M, K]`, Gumbel noise, where codes are drawn. */
  readonly gumbel?: tf.Tensor;
  /** A permutation of the codes, int32, which `orthogonalRegMaxCodes` needs. */
  readonly codeOrder?: tf.Tensor;
}

export interface AveragedVectorTraining {
  /** `[..., dim]`: the output, with the gradient of the identity to the (normalised) vectors. */
  readonly quantized: tf.Tensor;
  /** `[...]`, with more heads `[..., heads]`; int32. */
  readonly ids: tf.Tensor;
  /** Sum of the weighted terms. */
  readonly loss: tf.Scalar;
  /** `exp` of the entropy of the codes of the batch, 1 to K. */
  readonly perplexity: tf.Scalar;
  /** The codebook after the step, without gradients. */
  readonly state: CodebookState;
  /** `[K]`, where k-means ran: vectors of each cluster. BEATs keeps them apart, as `embedding.cluster_size`. */
  readonly startCounts?: tf.Tensor;
}

/**
 * The training form of codebooks that learn by averages: EnCodec, 4M, BEATs and BEiT-2, AURORA.
 *
 * Pure: random numbers come in as `draws`, the codebook and its statistics as `state`. Call it inside `tidy`.
 *
 * @param x - `[..., dim]`, float32.
 * @param params - Projections; the codebook is that of the state.
 * @param state - `codes` `[K, codebookDim]`, `counts` `[K]`, and `sums` for the flavors that have them.
 * @param training - False: the codebook stays, apart from the usage counts of `norm-ema`. Default true.
 */
export function trainAveragedVector(
  x: tf.Tensor,
  params: Pick<AveragedVectorParams, 'projectIn' | 'projectOut'>,
  state: CodebookState,
  config: AveragedTrainingConfig,
  draws: AveragedVectorDraws = {},
  training = true,
): AveragedVectorTraining {
  const { flavor, heads = 1, codebookDim, codebookSize, commitmentWeight = 1 } = config;
  const normLatents = config.normLatents ?? flavor === 'norm-ema';
  const layout = { heads, separateCodebookPerHead: false };
  const axes = vectorAxes(x.shape);
  const wide = heads * codebookDim;
  const split = splitHeads(tf.reshape(projectIntoHeads(x, params), [axes.batch, axes.length, wide]), layout);
  const rows = (normLatents ? l2Normalize(split) : split) as tf.Tensor3D;
  const form = averagedVectorForm({ flavor, normLatents });
  const followed = stopGradient(queryVectors(rows, form)) as tf.Tensor3D;

  const clusters = draws.startRows && clusterRows(followed, draws.startRows, config);
  const started = clusters ? startCodebook(flavor, state, clusters) : state;
  const table = stopGradient(started.codes) as tf.Tensor2D;
  const ids = searchRows(rows, table, form, config, draws);
  const chosen = lookupRows(table, ids);
  const updated = training
    ? updateByBatch(stopGradient(rows) as tf.Tensor3D, followed, ids, started, config, draws)
    : countUse(followed, ids, started, config);

  const hasLoss = training || flavor === 'norm-ema' || flavor === 'sonnet';
  const commitment = hasLoss ? tf.mul(meanSquaredLoss(chosen, rows), commitmentWeight) : tf.scalar(0);
  const orthogonal = training ? orthogonalTerm(state.codes, updated.codes, ids, config, draws) : tf.scalar(0);
  const joined = joinHeads(
    straightThrough(rows, () => tf.clone(chosen)),
    layout,
    axes,
  );
  return {
    quantized: projectOutOfHeads(tf.reshape(joined, [...axes.leading, wide]), params),
    ids: tf.reshape(joinHeads(ids, layout, axes), [...axes.leading, ...(heads === 1 ? [] : [heads])]),
    loss: tf.add(commitment, orthogonal) as tf.Scalar,
    perplexity: codePerplexity(ids, codebookSize),
    state: updated,
    ...(clusters && { startCounts: clusters.counts }),
  };
}

/** Clusters of all rows as tensors of a codebook, `[K, D]` and `[K]`. */
function clusterRows(
  rows: tf.Tensor3D,
  startRows: tf.Tensor,
  { flavor, codebookSize, kmeansIters = 10 }: AveragedTrainingConfig,
): { readonly means: tf.Tensor; readonly counts: tf.Tensor } {
  const { means, counts } = kMeans(rows, startRows, {
    clusters: codebookSize,
    iterations: kmeansIters,
    metric: flavor === 'norm-ema' || flavor === '4m-cosine' ? 'cosine' : 'euclidean',
    epsilon: 1e-12,
  });
  return { means: tf.squeeze(means, [0]), counts: tf.squeeze(counts, [0]) };
}

/** `[1, M]`, int32. */
function searchRows(
  rows: tf.Tensor3D,
  table: tf.Tensor2D,
  form: VectorForm,
  { sampleCodebookTemp: temperature = 0 }: AveragedTrainingConfig,
  { gumbel }: AveragedVectorDraws,
): tf.Tensor {
  return detached([rows], (vectors) => {
    if (!gumbel || temperature === 0) return encodeVectors(vectors!, table, form).ids;
    const [queries, codes] = [queryVectors(vectors!, form), searchCodebook(table, form)];
    const products = tf.matMul(queries, tf.expandDims(codes, 0), false, true);
    const norms = tf.add(tf.sum(tf.square(queries), 2, true), tf.sum(tf.square(codes), 1));
    const scores = form.metric === 'dot' ? products : tf.sub(tf.mul(products, 2), norms);
    return sampleCodes(scores, { temperature, gumbel: tf.reshape(gumbel, scores.shape) });
  });
}

function orthogonalTerm(
  codes: tf.Tensor,
  updated: tf.Tensor,
  ids: tf.Tensor,
  config: AveragedTrainingConfig,
  { codeOrder }: AveragedVectorDraws,
): tf.Tensor {
  const { orthogonalRegWeight: weight = 0, orthogonalRegMaxCodes: maxCodes = null, codebookSize } = config;
  if (weight === 0) return tf.scalar(0);
  // The official module moves its codes in place before this term looks at them.
  const moved = tf.expandDims(
    straightThrough(codes, () => tf.clone(updated)),
    0,
  ) as tf.Tensor3D;
  const active = config.orthogonalRegActiveCodesOnly && tf.max(assignmentsOf(tf.reshape(ids, [-1]), codebookSize), 0);
  const loss = orthogonalLoss(moved, {
    form: 'deviations',
    ...(active && { active }),
    ...(maxCodes !== null && { maxCodes }),
    ...(codeOrder && { order: codeOrder }),
  });
  return tf.mul(loss, weight);
}
