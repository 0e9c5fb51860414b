import { InputError } from '@tesserae/core/data';
import type { TrainingProgress } from '../progress';
import { mergePair, type MergeState } from './merge-state';
import { pairNumber } from './pair-counts';
import type { TokenNames } from './token-names';

/** Where training begins. */
export interface BpeStart {
  /** Tokens that keep their ids, behind the special tokens of the trainer (which may be among them). */
  readonly tokens: readonly string[];
  /** Merges of these tokens, done first and in this order. */
  readonly merges: readonly (readonly [left: string, right: string])[];
  /** Text of `continuingSubwordPrefix` that the second token of a merge loses. Default: nothing. */
  readonly continuingSubwordPrefix?: string;
}

const reportEvery = 256;

/**
 * Does given merges in all words. Those that no word has stay merges, so that ids and ranks of the model stay.
 *
 * @returns The merges as ids.
 * @throws {InputError} A merge of tokens, or to a token, that is not among the tokens.
 */
export function* replayMerges(
  state: MergeState,
  names: TokenNames,
  { merges, continuingSubwordPrefix: prefix = '' }: BpeStart,
): Generator<TrainingProgress, (readonly [number, number])[]> {
  const { pairs } = state;
  const replayed: (readonly [number, number])[] = [];
  for (const [index, [left, right]] of merges.entries()) {
    const leftId = names.ids.get(left);
    const rightId = names.ids.get(right);
    const merged = names.ids.get(left + (right.startsWith(prefix) ? right.slice(prefix.length) : right));
    if (leftId === undefined || rightId === undefined || merged === undefined) {
      throw new InputError(`resumeFrom.merges[${index}]`, 'tokens of resumeFrom.tokens', JSON.stringify([left, right]));
    }
    replayed.push([leftId, rightId]);
    const pair = pairNumber(pairs, leftId, rightId);
    const list = pairs.waiting[pair]!;
    pairs.waiting[pair] = -1;
    mergePair(state, pair, merged, list);
    // None is left, and nothing else may bring the old count back.
    pairs.count[pair] = 0;
    if ((index + 1) % reportEvery === 0) yield { stage: 'replay-merges', done: index + 1, total: merges.length };
  }
  return replayed;
}
