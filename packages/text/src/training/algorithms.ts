import type { BoundlessBpeTrainingOptions } from './boundless-bpe/settings';
import type { TrainingProgress } from './progress';
import { superBpePhrases, superBpeWords } from './super-bpe/pre-tokenizers';
import type { SuperBpeTrainingOptions } from './super-bpe/train-super-bpe';
import { trainSuperBpe } from './super-bpe/train-super-bpe';
import type { TrainedModel } from './tokenizer-file';
import type { UnigramTrainingOptions } from './unigram/settings';
import { trainUnigram } from './unigram/train-unigram';
import { trainUnitBpe, type UnitBpeTrainingOptions } from './units/train-unit-bpe';
import type { WordCounts } from './word-counts';
import { trainWordLevel, type WordLevelTrainingOptions } from './word-level';
import { trainWordPiece, type WordPieceTrainingOptions } from './word-piece';
import type { WordPipeline } from './word-splitter';

/** Algorithms that learn from counts of words, with their settings. */
export type WordAlgorithm =
  | ({ readonly algorithm: 'bpe' } & UnitBpeTrainingOptions)
  | ({ readonly algorithm: 'wordpiece' } & WordPieceTrainingOptions)
  | ({ readonly algorithm: 'word-level' } & WordLevelTrainingOptions)
  | ({ readonly algorithm: 'unigram' } & UnigramTrainingOptions)
  | ({
      readonly algorithm: 'superbpe';
      /** Pre-tokenizer of the second stage and of the tokenizer. Default {@link superBpePhrases}. */
      readonly phrasePreTokenizer?: object;
    } & SuperBpeTrainingOptions);

/** Which algorithm, with its settings. */
export type TrainingAlgorithm = WordAlgorithm | ({ readonly algorithm: 'boundless-bpe' } & BoundlessBpeTrainingOptions);

/** The pipelines whose words an algorithm counts: one, or for SuperBPE two. */
export function countedPipelines(options: WordAlgorithm & WordPipeline): readonly WordPipeline[] {
  const { normalizer = null, preTokenizer = null } = options;
  if (options.algorithm !== 'superbpe') return [{ normalizer, preTokenizer }];
  return [
    { normalizer, preTokenizer: preTokenizer ?? superBpeWords },
    { normalizer, preTokenizer: options.phrasePreTokenizer ?? superBpePhrases },
  ];
}

/**
 * Trains the algorithm that the options name.
 *
 * @param words - Distinct words after normalizing and pre-tokenizing.
 * @param phrases - Those of SuperBPE's second stage. Default: the same words.
 * @throws {InputError} An option out of its range.
 */
export function trainModel(
  words: WordCounts,
  options: WordAlgorithm,
  phrases: WordCounts = words,
): Generator<TrainingProgress, TrainedModel> {
  switch (options.algorithm) {
    case 'bpe':
      return trainUnitBpe(words, options);
    case 'wordpiece':
      return trainWordPiece(words, options);
    case 'word-level':
      return trainWordLevel(words, options);
    case 'unigram':
      return trainUnigram(words, options);
    case 'superbpe':
      return trainSuperBpe(words, phrases, options);
  }
}
