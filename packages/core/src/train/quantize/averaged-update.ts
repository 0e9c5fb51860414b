import * as tf from '@tensorflow/tfjs-core';
import { stopGradient } from '../losses';
import type { AveragedTrainingConfig, AveragedVectorDraws } from './averaged-vector';
import { codebookFlavors } from './codebook-flavors';
import { replaceByRandomRows, splitMostUsedCodes, substituteCodes } from './dead-codes';
import { codebookStatistics, type CodebookState, trackStatistics, updateCodebook } from './ema-codebook';
import { assignmentsOf } from './kmeans';

/**
 * The codebook after a training batch: averages, and what the code base does about dead codes, before or after them.
 *
 * @param rows - `[1, M, D]`, as they came; `followed` `[1, M, D]`, as they are averaged; `ids` `[1, M]`, int32.
 */
export function updateByBatch(
  rows: tf.Tensor3D,
  followed: tf.Tensor3D,
  ids: tf.Tensor,
  state: CodebookState,
  config: AveragedTrainingConfig,
  draws: AveragedVectorDraws,
): CodebookState {
  const { flavor, codebookSize, decay, epsilon, thresholdEmaDeadCode: threshold = 0 } = config;
  const { deadCodeRows, splitNoise } = draws;
  const statistics = codebookStatistics(followed, assignmentsOf(ids, codebookSize));
  const options = { ...(decay !== undefined && { decay }), ...(epsilon !== undefined && { epsilon }) };
  let stacked = mapState(state, (tensor) => tf.expandDims(stopGradient(tensor), 0));
  if (flavor === 'encodec' && threshold > 0 && deadCodeRows) {
    stacked = substituteCodes(stacked, rows, deadCodeRows, { threshold });
  }
  stacked = updateCodebook(flavor, stacked, statistics, options);
  if (threshold > 0 && (flavor === '4m-euclidean' || flavor === '4m-cosine')) {
    if (config.codeReplacementPolicy === 'linde_buzo_gray') {
      stacked = splitMostUsedCodes(stacked, splitNoise ?? tf.zerosLike(stacked.codes), { threshold });
    } else if (deadCodeRows) stacked = replaceByRandomRows(stacked, rows, deadCodeRows, { threshold });
  }
  return mapState(stacked, (tensor) => tf.squeeze(tensor, [0]));
}

/** BEATs and BEiT-2 count the use of codes in evaluation, too. */
export function countUse(
  followed: tf.Tensor3D,
  ids: tf.Tensor,
  state: CodebookState,
  { flavor, codebookSize, decay = codebookFlavors[flavor].decay }: AveragedTrainingConfig,
): CodebookState {
  if (flavor !== 'norm-ema') return state;
  const { counts, sums } = codebookStatistics(followed, assignmentsOf(ids, codebookSize));
  return trackStatistics(state, { counts: tf.squeeze(counts, [0]), sums }, { decay });
}

function mapState({ codes, counts, sums }: CodebookState, change: (tensor: tf.Tensor) => tf.Tensor): CodebookState {
  return { codes: change(codes), counts: change(counts), ...(sums && { sums: change(sums) }) };
}
