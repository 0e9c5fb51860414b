import { InputError } from '@tesserae/core/data';
import { type BpeTrainingOptions, type TrainedBpe, trainBpe } from '../bpe/train-bpe';
import type { TrainingProgress } from '../progress';
import type { WordCounts } from '../word-counts';

/** Settings of SuperBPE. */
export interface SuperBpeTrainingOptions extends Omit<BpeTrainingOptions, 'resumeFrom' | 'maximumMerges' | 'accepts'> {
  /**
   * Merges within words, from 0; the others may reach over words. From `vocabularySize` on there are none of those.
   * Default: in the proportion of the published model, 100 000 of 128 000 tokens.
   */
  readonly transition?: number;
  /** Words in a token at most. Default 4. */
  readonly longestPhrase?: number;
  /** Tokens may have a colon before a space. Default false. */
  readonly allowColons?: boolean;
  /** How a token writes a space. Default `Ġ`. */
  readonly space?: string;
}

/**
 * Learns byte-pair encoding in two stages: words, then phrases over their boundaries. With a `transition` that is not
 * reached it is ordinary BPE. All merges of the first stage stay, also where the second pre-tokenizer never lets them
 * happen; the official code drops those.
 *
 * @param words - Distinct words after normalizing and pre-tokenizing for the first stage.
 * @param phrases - The same texts after the second stage's pre-tokenizer.
 * @throws {InputError} An option out of its range.
 * @see SuperBPE (arXiv 2503.13423); PythonNut/superbpe and its trainer alisawuffles/tokenizers-superbpe
 */
export function* trainSuperBpe(
  words: WordCounts,
  phrases: WordCounts,
  options: SuperBpeTrainingOptions = {},
): Generator<TrainingProgress, TrainedBpe> {
  const { vocabularySize = 30_000, longestPhrase = 4, allowColons = false, space = 'Ġ', ...rest } = options;
  const { transition = Math.floor((vocabularySize * 100) / 128) } = options;
  if (!(transition >= 0)) throw new InputError('transition', 'a number from 0', String(transition));
  if (!(longestPhrase >= 1)) throw new InputError('longestPhrase', 'a number from 1', String(longestPhrase));
  if (space === '') throw new InputError('space', 'a text', 'an empty one');
  const first = yield* trainBpe(words, { ...rest, vocabularySize, maximumMerges: transition });
  if (transition >= vocabularySize) return first;
  return yield* trainBpe(phrases, {
    ...rest,
    vocabularySize,
    resumeFrom: first,
    accepts: (token) =>
      (allowColons || !token.includes(`:${space}`)) &&
      token.split(space).filter((word) => word !== '').length <= longestPhrase,
  });
}
