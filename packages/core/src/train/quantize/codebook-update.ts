import * as tf from '@tensorflow/tfjs-core';
import { affineRows, type AffineStatistics, rowMoments } from '../../quantize/affine-codes';
import { stopGradient } from '../losses';
import type { CodebookDraws, CodebookPassConfig, CodebookPassOptions, CodebookPassState } from './codebook-pass';
import { prepareRows } from './codebook-search';
import { expireCodes } from './dead-codes';
import { addStatistics, codebookStatistics, readOutCodes, trackStatistics } from './ema-codebook';
import { assignmentsOf } from './kmeans';

/**
 * Means and variances of batch and codebook, moved towards those of now; the first values are taken as they are.
 *
 * @param rows - `[H, M, D]`.
 * @param weights - `[M]`, 1 for rows that count and 0 for others. Default: all.
 */
export function trackAffine(
  rows: tf.Tensor3D,
  state: CodebookPassState,
  { affineParamBatchDecay, affineParamCodebookDecay }: CodebookPassConfig,
  weights?: tf.Tensor,
): CodebookPassState {
  const batch = rowMoments(stopGradient(rows), weights);
  const codebook = rowMoments(stopGradient(state.codes));
  const { batchMean, batchVariance, codebookMean, codebookVariance } = state.affine ?? {};
  return {
    ...state,
    affine: {
      batchMean: follow(batchMean, batch.mean, affineParamBatchDecay),
      batchVariance: follow(batchVariance, batch.variance, affineParamBatchDecay),
      codebookMean: follow(codebookMean, codebook.mean, affineParamCodebookDecay),
      codebookVariance: follow(codebookVariance, codebook.variance, affineParamCodebookDecay),
    },
  };
}

function follow(old: tf.Tensor | undefined, now: tf.Tensor, decay: number): tf.Tensor {
  return old ? tf.add(tf.mul(old, decay), tf.mul(now, 1 - decay)) : now;
}

/**
 * The codebook after its averages took in a batch whose ids are known: averages, read-out, replacement of dead codes.
 *
 * @param rows - `[H, M, D]`, as they were searched; `ids` `[H, M]`, int32.
 */
export function updateCodebookState(
  rows: tf.Tensor3D,
  ids: tf.Tensor,
  state: CodebookPassState,
  config: CodebookPassConfig,
  draws: CodebookDraws = {},
  options: CodebookPassOptions = {},
): CodebookPassState {
  const { emaUpdate, manualEmaUpdate, thresholdEmaDeadCode: threshold, decay, eps, useCosineSim } = config;
  if (!emaUpdate && threshold === 0) return state;
  const { affine } = state;
  const values = stopGradient(rows) as tf.Tensor3D;
  const followed = config.affineParam ? affineRows(values, affine as AffineStatistics) : values;
  const hot = assignmentsOf(ids, state.codes.shape[1]!, options.weights);
  const statistics = codebookStatistics(followed, hot);
  if (options.accumulates) {
    return { ...state, pending: state.pending ? addStatistics(state.pending, statistics) : statistics };
  }
  const { updateWeight: weight } = options;
  const still = { ...state, codes: stopGradient(state.codes) };
  const tracked = trackStatistics(still, statistics, { decay, ...(weight !== undefined && { weight }) });
  const read =
    emaUpdate && !manualEmaUpdate ? readOutCodes(tracked, { epsilon: eps, normalize: useCosineSim }) : tracked;
  const { deadCodeRows } = draws;
  const alive =
    threshold > 0 && deadCodeRows
      ? expireCodes(read, useCosineSim ? (prepareRows(values, 'cosine') as tf.Tensor3D) : values, deadCodeRows, {
          threshold,
        })
      : read;
  return { ...alive, ...(affine && { affine }) };
}
