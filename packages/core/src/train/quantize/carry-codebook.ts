import * as tf from '@tensorflow/tfjs-core';
import type { MultiHeadVectorConfig } from '../../quantize/multi-head-vector-config';
import { detached } from '../detached';
import { straightThrough } from '../straight-through';
import type { CodebookPassState } from './codebook-pass';

/**
 * A codebook as the next layer of the same step sees it: what the layer before made of it, but gradients go to the codes
 * that the step began with. The update itself is left out of the record: it has decisions without gradients.
 *
 * @param first - Before the step.
 * @param after - After the layer before.
 */
export function carryCodebook(
  first: CodebookPassState,
  after: CodebookPassState,
  { learnableCodebook, orthogonalRegWeight }: Pick<MultiHeadVectorConfig, 'learnableCodebook' | 'orthogonalRegWeight'>,
): CodebookPassState {
  const still = cutState(after);
  if (!learnableCodebook && orthogonalRegWeight === 0) return still;
  return { ...still, codes: straightThrough(first.codes, () => tf.clone(still.codes)) };
}

/** The same values, unknown to gradients. */
function cutState<State extends object>(state: State): State {
  return Object.fromEntries(
    Object.entries(state).map(([name, value]) => [
      name,
      value instanceof tf.Tensor
        ? detached([], () => tf.clone(value))
        : typeof value === 'object' && value !== null
          ? cutState(value as object)
          : (value as unknown),
    ]),
  ) as State;
}
