export type { BoundlessBpeModel, DeletionSplit, TimedDeletion, TimedMerge } from './boundless-bpe/model';
export { readBoundlessBpe, writeBoundlessBpe } from './boundless-bpe/model-file';
export { type BoundlessBpeOptions, boundlessBpeTokenizer } from './boundless-bpe/tokenizer';
export { byteCharacters } from './bytes/byte-alphabet';
export { createLibLearner, type LibLearner, type LibOptions, type Probation } from './less-is-better/learner';
export { createLexicon, type Lexicon } from './less-is-better/lexicon';
export { type LibMetrics, libMetrics } from './less-is-better/metrics';
export { type LibProgress, trainLib, type TrainLibOptions } from './less-is-better/train-lib';
export { type TrainingAlgorithm, trainModel, type WordAlgorithm } from './training/algorithms';
export { createDocuments, type Documents } from './training/boundless-bpe/documents';
export {
  type BoundlessBpeTrainingOptions,
  pretokenPattern,
  supermergePattern,
} from './training/boundless-bpe/settings';
export { trainBoundlessBpe } from './training/boundless-bpe/train-boundless-bpe';
export { type AlphabetOptions } from './training/bpe/alphabet';
export type { BpeStart } from './training/bpe/replay-merges';
export { type BpeTrainingOptions, trainBpe, type TrainedBpe } from './training/bpe/train-bpe';
export type { SymbolMarks } from './training/bpe/training-words';
export { compareCodePoints } from './training/code-point-order';
export { wordCountsFromBytes, wordCountsToBytes } from './training/count-run';
export { countTexts, countTextsAsync, type TextCounter } from './training/count-texts';
export { fastaWindows, type FastaWindowOptions } from './training/genome/fasta-windows';
export { genomeTraining } from './training/genome/genome-training';
export { kmerTokenizer, type KmerTokenizerOptions } from './training/genome/kmer-tokenizer';
export { type KmerOptions, kmers } from './training/genome/kmers';
export { reverseComplement } from './training/genome/nucleotides';
export {
  type FinishOptions,
  finishTraining,
  finishTrainingAsync,
  type TrainingProgress,
  type TrainingStage,
} from './training/progress';
export { memorySpillStore, shareStore, type SpillStore } from './training/spill-store';
export { superBpePhrases, superBpeWords } from './training/super-bpe/pre-tokenizers';
export { type SuperBpeTrainingOptions, trainSuperBpe } from './training/super-bpe/train-super-bpe';
export { textLines, textLinesOf } from './training/text-lines';
export { tokenizerFile, type TokenizerFileOptions, type TrainedModel } from './training/tokenizer-file';
export {
  trainTokenizer,
  trainTokenizerAsync,
  type TrainingOptions,
  type TrainTokenizerOptions,
} from './training/train-tokenizer';
export type { TrainedUnigram, UnigramTrainingOptions } from './training/unigram/settings';
export { trainUnigram } from './training/unigram/train-unigram';
export type { TrainingUnit } from './training/units/text-units';
export { trainUnitBpe, type UnitBpeTrainingOptions } from './training/units/train-unit-bpe';
export { createWordCounter, type WordCounter, type WordCounterOptions } from './training/word-counter';
export type { WordCounts, WordSelection } from './training/word-counts';
export { trainWordLevel, type TrainedWordLevel, type WordLevelTrainingOptions } from './training/word-level';
export { trainWordPiece, type TrainedWordPiece, type WordPieceTrainingOptions } from './training/word-piece';
export type { WordPipeline } from './training/word-splitter';
