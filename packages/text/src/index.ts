export type { BinaryOptions } from './binary/from-binary';
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
  AsyncEncodeOptions,
  EditCounter,
  IncrementalCounter,
  OffsetUnit,
  PaddingOptions,
  RangeCounter,
  SamplingOptions,
  StretchOptions,
  TextDecodeOptions,
  TextEncodeOptions,
  TextEncoding,
  TextInput,
  TextSaveFormat,
  TextTokenizer,
  TextTokenizerInfo,
  TextTokenizerKind,
  TruncationOptions,
} from './tokenizer/text-tokenizer';
export { mulberry32, type RandomSource } from '@tesserae/core/data';
