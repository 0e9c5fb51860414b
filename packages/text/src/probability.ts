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
export { rangeDecode, rangeEncode } from './equal-info/range-coder';
