import { fromTokenizerJson } from '../pipeline/tokenizer-json';
import type { TextTokenizer } from '../tokenizer/text-tokenizer';
import { type BpeTrainingOptions, trainBpe } from './bpe/train-bpe';
import { countWords, countWordsAsync } from './count-words';
import { type FinishOptions, finishTraining, finishTrainingAsync, type TrainingProgress } from './progress';
import { type TokenizerFileOptions, tokenizerFile, type TrainedModel } from './tokenizer-file';
import type { UnigramTrainingOptions } from './unigram/settings';
import { trainUnigram } from './unigram/train-unigram';
import { createWordCounter, type WordCounterOptions } from './word-counter';
import type { WordCounts, WordSelection } from './word-counts';
import { trainWordLevel, type WordLevelTrainingOptions } from './word-level';
import { trainWordPiece, type WordPieceTrainingOptions } from './word-piece';

/** Which algorithm, with its settings. */
export type TrainingAlgorithm =
  | ({ readonly algorithm: 'bpe' } & BpeTrainingOptions)
  | ({ readonly algorithm: 'wordpiece' } & WordPieceTrainingOptions)
  | ({ readonly algorithm: 'word-level' } & WordLevelTrainingOptions)
  | ({ readonly algorithm: 'unigram' } & UnigramTrainingOptions);

/** Settings of {@link trainTokenizer}: of counting, of the algorithm, and what else is in the file. */
export type TrainTokenizerOptions = TrainingAlgorithm &
  TokenizerFileOptions &
  WordSelection &
  Pick<WordCounterOptions, 'spill' | 'wordsInMemory'> &
  FinishOptions & {
    /** What errors and tokens call the tokenizer. Default `tokenizer.json`. */
    readonly name?: string;
  };

/**
 * Trains a tokenizer on texts. `save('tokenizer.json')` of the result gives its file.
 *
 * @param texts - Lines, documents or records; `textLines` cuts files as the Hugging Face library does.
 * @throws {ConfigError} A component of the pipeline that is wrong.
 * @throws {UnsupportedError} A regular expression that has no counterpart.
 * @throws {InputError} An option out of its range.
 * @throws The reason of the signal, where it was aborted.
 */
export function trainTokenizer(texts: Iterable<string>, options: TrainTokenizerOptions): TextTokenizer {
  const counter = createWordCounter(options);
  try {
    finishTraining(countWords(counter, texts), options);
    return asTokenizer(finishTraining(trainModel(counter.counts(options), options), options), options);
  } finally {
    counter.dispose();
  }
}

/**
 * The same for a stream of texts. Other work of the thread goes on between the steps.
 *
 * @throws As {@link trainTokenizer}; and what the stream throws.
 */
export async function trainTokenizerAsync(
  texts: AsyncIterable<string> | Iterable<string>,
  options: TrainTokenizerOptions,
): Promise<TextTokenizer> {
  const counter = createWordCounter(options);
  try {
    await countWordsAsync(counter, texts, options);
    return asTokenizer(await finishTrainingAsync(trainModel(counter.counts(options), options), options), options);
  } finally {
    counter.dispose();
  }
}

/**
 * Trains the algorithm that the options name.
 *
 * @param words - Distinct words after normalizing and pre-tokenizing.
 * @throws {InputError} An option out of its range.
 */
export function trainModel(words: WordCounts, options: TrainingAlgorithm): Generator<TrainingProgress, TrainedModel> {
  switch (options.algorithm) {
    case 'bpe':
      return trainBpe(words, options);
    case 'wordpiece':
      return trainWordPiece(words, options);
    case 'word-level':
      return trainWordLevel(words, options);
    case 'unigram':
      return trainUnigram(words, options);
  }
}

function asTokenizer(model: TrainedModel, options: TrainTokenizerOptions): TextTokenizer {
  return fromTokenizerJson(tokenizerFile(model, options), { name: options.name ?? 'tokenizer.json' });
}
