export { type AlphabetOptions } from './training/bpe/alphabet';
export type { BpeStart } from './training/bpe/replay-merges';
export { type BpeTrainingOptions, trainBpe, type TrainedBpe } from './training/bpe/train-bpe';
export type { SymbolMarks } from './training/bpe/training-words';
export { compareCodePoints } from './training/code-point-order';
export { wordCountsFromBytes, wordCountsToBytes } from './training/count-run';
export { countWords, countWordsAsync } from './training/count-words';
export {
  type FinishOptions,
  finishTraining,
  finishTrainingAsync,
  type TrainingProgress,
  type TrainingStage,
} from './training/progress';
export { memorySpillStore, type SpillStore } from './training/spill-store';
export { textLines, textLinesOf } from './training/text-lines';
export { tokenizerFile, type TokenizerFileOptions, type TrainedModel } from './training/tokenizer-file';
export {
  type TrainingAlgorithm,
  trainModel,
  trainTokenizer,
  trainTokenizerAsync,
  type TrainTokenizerOptions,
} from './training/train-tokenizer';
export type { TrainedUnigram, UnigramTrainingOptions } from './training/unigram/settings';
export { trainUnigram } from './training/unigram/train-unigram';
export { createWordCounter, type WordCounter, type WordCounterOptions } from './training/word-counter';
export type { WordCounts, WordSelection } from './training/word-counts';
export { trainWordLevel, type TrainedWordLevel, type WordLevelTrainingOptions } from './training/word-level';
export { trainWordPiece, type TrainedWordPiece, type WordPieceTrainingOptions } from './training/word-piece';
export type { WordPipeline } from './training/word-splitter';
