import * as tf from '@tensorflow/tfjs-core';
import type { ResidualVectorConfig } from '../../quantize/residual-vector-config';
import { stopGradient } from '../losses';
import type { CodebookPassState } from './codebook-pass';
import { prepareRows } from './codebook-search';
import { expireCodes } from './dead-codes';
import { readOutCodes } from './ema-codebook';
import type { ResidualPass, ResidualVectorDraws, ResidualVectorTrainingOptions } from './residual-step';

/**
 * What a step does to a codebook that all layers share, once they are through: read-out of the averages, one step of
 * the in-place optimizer with the gradients of all layers, replacement of dead codes.
 *
 * Candidates for dead codes are the residuals of the *first* item, as in the official code: place by place, all layers
 * of a place in order.
 */
export function finishSharedCodebook(
  { states, inputs, codesGradients }: Pick<ResidualPass, 'states' | 'inputs' | 'codesGradients'>,
  config: ResidualVectorConfig,
  { sharedDeadCodeRows }: ResidualVectorDraws,
  { inPlaceOptimizer, freezeCodebook }: ResidualVectorTrainingOptions,
): readonly CodebookPassState[] {
  const { useCosineSim, eps, emaUpdate, thresholdEmaDeadCode: threshold } = config.layers[0]!;
  const isFrozen = freezeCodebook ?? config.layers[0]!.freezeCodebook;
  const metric = useCosineSim ? 'cosine' : 'euclidean';
  let state = states[0]!;
  if (emaUpdate) state = { ...state, ...readOutCodes(state, { epsilon: eps, normalize: useCosineSim }) };
  if (inPlaceOptimizer && codesGradients.length > 0 && !isFrozen) {
    state = { ...state, codes: stopGradient(inPlaceOptimizer(state.codes, tf.addN([...codesGradients]))) };
  }
  if (threshold > 0 && sharedDeadCodeRows) {
    const rows = tf.stack(inputs.map(firstItem), 1);
    const candidates = prepareRows(stopGradient(tf.reshape(rows, [1, -1, config.codebookDim])), metric);
    state = { ...state, ...expireCodes(state, candidates as tf.Tensor3D, sharedDeadCodeRows, { threshold }) };
  }
  return states.map(() => state);
}

/** `[B, ..., D]` to the places of item 0, `[N, D]`. */
function firstItem(x: tf.Tensor): tf.Tensor {
  const [, ...rest] = x.shape;
  const item = tf.slice(x, new Array<number>(x.rank).fill(0), [1, ...rest]);
  return tf.reshape(item, [-1, x.shape.at(-1)!]);
}
