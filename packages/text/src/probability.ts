export {
  type ByteStringProbability,
  byteStringLogProbability,
  type ByteStringQuery,
} from './gfd/byte-string-log-probability';
export { encodeBytes } from './gfd/encode-bytes';
export { fuseScores, type FuseScoreOptions, type HypothesisScore } from './gfd/fuse-scores';
export {
  fusedDecode,
  type FusedDecodeOptions,
  type FusedHypothesis,
  type FusionLanguageModel,
  type FusionRecognizer,
} from './gfd/fused-decode';
export { shapeLogits, type LogitShaping } from './gfd/logit-shaping';
export { alternativeIds, createPrefixIndex, idsWithProperPrefix, type PrefixIndex } from './gfd/prefix-index';
export type { Matrix } from './numeric/matrix';
export { byteFrequencies, type ByteContext, type ByteModel, uniformByteModel } from './equal-info/byte-model';
export { contextByteModel, type ContextModelOptions } from './equal-info/context-model';
export {
  equalInfoDecode,
  equalInfoEncode,
  type EqualInfoOptions,
  tokenWindows,
  windowTokens,
} from './equal-info/equal-info';
export { byteTokens, tokenBytes } from './equal-info/byte-tokens';
export { gzipTokenBytes, gzipTokens, type GzipTokenOptions } from './equal-info/gzip-tokens';
export { rangeDecode, rangeEncode } from './equal-info/range-coder';
export { ensembleBytes } from './exact-bytes/byte-ensemble';
export { byteLevelCovers, type ByteLevelCoverOptions } from './exact-bytes/byte-level-covers';
export { advanceBytes, type BytePredictor, type ByteState, startBytes } from './exact-bytes/byte-state';
export { type Cover, type CoverEncodings, coverEncodings, type CoverOptions } from './exact-bytes/cover-encodings';
export type { CoverTokenizer, TokenLanguageModel, TokenTest } from './exact-bytes/cover-tokenizer';
export {
  fillInTheMiddle,
  type FillInOptions,
  type FillInPrompt,
  type MiddleTokens,
} from './exact-bytes/fill-in-the-middle';
export { generateBytes, type GenerateBytesOptions, type GeneratedBytes } from './exact-bytes/generate-bytes';
export { sentencePieceCovers, type SentencePieceCoverOptions } from './exact-bytes/sentencepiece-covers';
export { sampleSymbol, type SampleSymbolOptions, temperProbabilities } from './exact-bytes/shape-bytes';
