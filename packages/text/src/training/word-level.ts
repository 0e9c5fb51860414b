import { InputError } from '@tesserae/core/data';
import { compareCodePoints } from './code-point-order';
import type { TrainingProgress } from './progress';
import type { WordCounts } from './word-counts';

/** Settings of the word-level trainer; names and defaults are those of the Hugging Face `WordLevelTrainer`. */
export interface WordLevelTrainingOptions {
  /** Tokens at most, special tokens included. Default 30 000. */
  readonly vocabularySize?: number;
  /** Words that come less often are left out. Default 0. */
  readonly minimumFrequency?: number;
  /** The first ids. Default: none. */
  readonly specialTokens?: readonly string[];
}

/** What the trainer learned. */
export interface TrainedWordLevel {
  readonly kind: 'word-level';
  /** Ids by token. A special token that is a word of the corpus too has the id of the word, and its own is unused. */
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly specialTokens: readonly string[];
}

/**
 * Takes the most frequent words; of equals the first by code points.
 *
 * @param words - Distinct words after normalizing and pre-tokenizing.
 * @throws {InputError} An option out of its range.
 * @see tokenizers/src/models/wordlevel/trainer.rs
 */
export function* trainWordLevel(
  words: WordCounts,
  { vocabularySize = 30_000, minimumFrequency = 0, specialTokens = [] }: WordLevelTrainingOptions = {},
): Generator<TrainingProgress, TrainedWordLevel> {
  if (!(vocabularySize >= 0)) throw new InputError('vocabularySize', 'a number from 0', String(vocabularySize));
  if (!(minimumFrequency >= 0)) throw new InputError('minimumFrequency', 'a number from 0', String(minimumFrequency));
  const ordered = [...words]
    .filter(([, count]) => count >= minimumFrequency)
    .toSorted(([left, leftCount], [right, rightCount]) =>
      leftCount === rightCount ? compareCodePoints(left, right) : rightCount - leftCount,
    );
  const tokens = [...specialTokens, ...ordered.map(([word]) => word)].slice(0, vocabularySize);
  yield { stage: 'merge', done: tokens.length, total: tokens.length };
  return { kind: 'word-level', vocabulary: new Map(tokens.map((token, id) => [token, id])), specialTokens };
}
