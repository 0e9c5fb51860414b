import * as tf from '@tensorflow/tfjs-core';
import { affineCodes, type AffineStatistics } from '../../quantize/affine-codes';
import { detached } from '../detached';
import { stopGradient } from '../losses';
import { straightThrough } from '../straight-through';
import {
  byBoth,
  codebookScores,
  type CodebookMetric,
  lookupCodebooks,
  ownCodebookScores,
  prepareRows,
} from './codebook-search';
import { trackAffine, updateCodebookState } from './codebook-update';
import { type CodebookState, startCodebook, type TrackOptions } from './ema-codebook';
import { assignmentsOf, kMeans } from './kmeans';
import { sampleCodes, softAssignments } from './sample-codes';

/** State of one codebook module in training; what is absent was not set yet. */
export interface CodebookPassState extends CodebookState {
  readonly affine?: Partial<AffineStatistics>;
}

/** Options of the module, in the names of `MultiHeadVectorConfig`. */
export interface CodebookPassConfig {
  readonly useCosineSim: boolean;
  readonly decay: number;
  readonly eps: number;
  readonly emaUpdate: boolean;
  readonly manualEmaUpdate: boolean;
  readonly thresholdEmaDeadCode: number;
  readonly kmeansIters: number;
  readonly sampleCodebookTemp: number;
  readonly straightThrough: boolean;
  readonly affineParam: boolean;
  readonly affineParamBatchDecay: number;
  readonly affineParamCodebookDecay: number;
}

/** What the official code draws at random. */
export interface CodebookDraws {
  /** `[R]` or `[H, R]`, int32: rows for dead codes, see {@link expireCodes}. Default: dead codes stay. */
  readonly deadCodeRows?: tf.Tensor;
  /** `[H, M, K]`, Gumbel noise; present where codes are drawn instead of searched. */
  readonly gumbel?: tf.Tensor;
}

export interface CodebookPassOptions {
  /** `[M]`, 1 for rows that count and 0 for others. Default: all. */
  readonly weights?: tf.Tensor;
  /** Give the best k codes of each vector. The codebook is not updated then. */
  readonly topK?: number;
  /** Whether gradients reach the codes. Default false. */
  readonly learnable?: boolean;
  /** Whether statistics of the batch enter the state. Default true. */
  readonly updates?: boolean;
  /** Leave the statistics `pending` for the next update. Default false. */
  readonly accumulates?: boolean;
  readonly updateWeight?: TrackOptions['weight'];
  /** Codes to be searched instead, `[H, K, D]` to `[H, K, D]`: a bridge (FVQ). */
  readonly transformCodes?: (codes: tf.Tensor3D) => tf.Tensor3D;
  /** A codebook for every vector, `[H, K, D]` to `[H, M, K, D]`: implicit neural codebooks. */
  readonly codesByRow?: (codes: tf.Tensor3D) => tf.Tensor4D;
}

export interface CodebookPass {
  /** `[H, M]`, or `[H, M, k]` for the best k; int32. */
  readonly ids: tf.Tensor;
  /** `[H, M, K]`, the larger the nearer; without gradient. */
  readonly scores: tf.Tensor3D;
  /** The scores again, with gradients; see {@link codebookPass}. */
  readonly scoresWithGradient: () => tf.Tensor3D;
  /** `[H, M, D]`, or `[H, M, k, D]`: the codes chosen. */
  readonly quantized: tf.Tensor;
  readonly state: CodebookPassState;
}

/**
 * A training pass of stacked codebooks (vector-quantize-pytorch, `Codebook.forward`): affine statistics, search, then
 * averages, read-out and replacement of dead codes. {@link startByKMeans} comes before the first.
 *
 * The official module moves its codes in place before the backward pass. Gradients through the scores (cross-entropy,
 * diversity) therefore see the *new* codes where those are searched as they are, neither bridged nor affine; so do ours.
 *
 * @param rows - `[H, M, D]`; at length 1 for cosine codebooks.
 */
export function codebookPass(
  rows: tf.Tensor3D,
  state: CodebookPassState,
  config: CodebookPassConfig,
  draws: CodebookDraws = {},
  options: CodebookPassOptions = {},
): CodebookPass {
  const metric = config.useCosineSim ? 'cosine' : 'euclidean';
  const { topK, updates = true } = options;
  const { sampleCodebookTemp: temperature } = config;
  const prepared = config.affineParam ? trackAffine(rows, state, config, options.weights) : state;
  const codes = searchedCodes(prepared, config, options);
  const own = options.codesByRow?.(codes);
  const scores = detached([rows, own ?? codes], (vectors, table) =>
    own
      ? ownCodebookScores(vectors as tf.Tensor3D, table as tf.Tensor4D, metric)
      : codebookScores(vectors as tf.Tensor3D, table as tf.Tensor3D, metric),
  ) as tf.Tensor3D;
  const ids = sampleCodes(scores, {
    temperature,
    ...(draws.gumbel && { gumbel: draws.gumbel }),
    ...(topK !== undefined && { topK }),
  });
  const updated =
    updates && topK === undefined ? updateCodebookState(rows, ids, prepared, config, draws, options) : prepared;

  const isSearchedInPlace = updated !== prepared && !options.transformCodes && !config.affineParam;
  const moved = isSearchedInPlace ? (straightThrough(codes, () => tf.clone(updated.codes)) as tf.Tensor3D) : codes;
  const scoresWithGradient = () =>
    own ? ownCodebookScores(rows, own, metric) : codebookScores(rows, codes, metric, moved);
  const isSoft = config.straightThrough && temperature > 0 && topK === undefined;
  const hot = isSoft ? softAssignments(ids, scoresWithGradient(), temperature) : undefined;
  const quantized = own
    ? chooseOwn(own, hot ?? assignmentsOf(ids, scores.shape[2]), metric)
    : hot
      ? byBoth(codes, moved, (each) => tf.matMul(hot, each))
      : lookupCodebooks(codes, ids);
  return { ids, scores, scoresWithGradient, quantized, state: updated };
}

/**
 * The state that the first batch gives, by k-means: counts and sums of the clusters, and the codes read out of them.
 *
 * @param rows - As for {@link codebookPass}.
 * @param startRows - `[K]` or `[H, K]`, int32: rows that the means start from.
 * @param weights - `[M]`, 1 for rows that count and 0 for others. Default: all. Start rows should count.
 */
export function startByKMeans(
  rows: tf.Tensor3D,
  state: CodebookPassState,
  { useCosineSim, kmeansIters, eps }: Pick<CodebookPassConfig, 'useCosineSim' | 'kmeansIters' | 'eps'>,
  startRows: tf.Tensor,
  weights?: tf.Tensor,
): CodebookPassState {
  const clusters = kMeans(rows, startRows, {
    clusters: state.codes.shape[1]!,
    iterations: kmeansIters,
    metric: useCosineSim ? 'cosine' : 'euclidean',
    ...(weights && { weights }),
  });
  const started = startCodebook('lucidrains', state, clusters, { epsilon: eps, normalize: useCosineSim });
  // Learnable codes stay the parameters that they are; their values change in place.
  return { ...started, codes: straightThrough(state.codes, () => tf.clone(started.codes)) };
}

function searchedCodes(
  state: CodebookPassState,
  { affineParam }: CodebookPassConfig,
  { learnable = false, transformCodes }: CodebookPassOptions,
): tf.Tensor3D {
  const codes = (learnable ? state.codes : stopGradient(state.codes)) as tf.Tensor3D;
  const bridged = transformCodes?.(codes) ?? codes;
  return affineParam ? affineCodes(bridged, state.affine as AffineStatistics) : bridged;
}

/** `[H, M, K, D]` codes of each row, of which `hot` `[H, M, K]` or `[H, M, k, K]` picks. */
function chooseOwn(own: tf.Tensor4D, hot: tf.Tensor, metric: CodebookMetric): tf.Tensor {
  const codes = metric === 'cosine' ? prepareRows(own, metric) : own;
  if (hot.rank === 4) return tf.matMul(hot, codes);
  return tf.squeeze(tf.matMul(tf.expandDims(hot, 2), codes), [2]);
}
