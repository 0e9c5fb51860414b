export type { PackedOptions } from './bpe/from-packed';
export type { TiktokenOptions } from './bpe/from-tiktoken';
export { type PackedVocabulary, packVocabulary } from './bpe/packed-vocabulary';
export type { SpecialChoice, SpecialMode } from './bpe/special-tokens';
export type { TiktokenTokenizer } from './bpe/tiktoken';
export type { UnstableEncoding } from './bpe/unstable';
export type { TokenizerJsonOptions } from './pipeline/tokenizer-json';
export type { VocabularyAndMergesOptions, WordPieceTextOptions } from './pipeline/vocabulary-files';
export type { NormalizerFacts, SentencePiece, SentencePieceFile, TrainerFacts } from './sentencepiece/model-proto';
export type { ScoredSegmentation, SentencePieceOptions, SentencePieceTokenizer } from './sentencepiece/sentencepiece';
export { textTokenizer } from './text-tokenizer';
export { type TextPreset, type TextPretrainedOptions, type TextSource, textTokenizers } from './text-tokenizers';
export {
  characterToToken,
  tokenToCharacters,
  tokenToWord,
  wordToCharacters,
  wordToTokens,
} from './tokenizer/encoding-lookup';
export type {
  IncrementalCounter,
  OffsetUnit,
  PaddingOptions,
  SamplingOptions,
  TextDecodeOptions,
  TextEncodeOptions,
  TextEncoding,
  TextSaveFormat,
  TextTokenizer,
  TextTokenizerInfo,
  TextTokenizerKind,
  TruncationOptions,
} from './tokenizer/text-tokenizer';
