export {
  CheckpointError,
  type CheckpointErrorCode,
  type CheckpointErrorDetails,
  ConfigError,
  EngineError,
  type EngineErrorCode,
  InputError,
  type MisshapedTensor,
  PretrainedError,
  type PretrainedErrorCode,
  ShapeError,
  TesseraeError,
  TokensError,
  type TokensErrorCode,
  UnsupportedError,
} from './errors/index';
export { nearestNames } from './pretrained/nearest-names';
export { mulberry32 } from './random/mulberry32';
export type { RandomSource } from './random/random-source';
export { type TorchRandom, torchRandom } from './random/torch-random';
export type { AudioInput, AudioSignal } from './signal/audio-signal';
export type { ImageInput, ImageSignal } from './signal/image-signal';
export type { ShapeInput, ShapeSignal } from './signal/shape-signal';
export type { FileInput, Json, Modality } from './signal/signal';
export type { SourceFacts } from './signal/source-facts';
export type { VideoFrame, VideoInput, VideoSignal } from './signal/video-signal';
export { concatBytes } from './tokens/binary';
export { startsAsTokens } from './tokens/file-codec';
export {
  openTokensFile,
  readTokensFile,
  type TokensFile,
  type TokensFileOptions,
  writeTokensFile,
} from './tokens/container';
export {
  type BitLevel,
  type FloatLevel,
  type IndexLevel,
  type PrefixUnit,
  type ToBytesOptions,
  type TokenAxis,
  type TokenizerIdentity,
  type TokenLevel,
  Tokens,
  type TokensInit,
} from './tokens/tokens';
export { type CodeBpe, codeBpeFromJson, trainCodeBpe, type TrainCodeBpeOptions } from './tokens/code-bpe/code-bpe';
export { type CodeBpeGain, codeBpeGain, type SequenceBits } from './tokens/code-bpe/code-bpe-gain';
export { type FlattenOptions, type FlattenOrder, flattenTokens, unflattenTokens } from './tokens/flatten';
export { readTokensHeader, readTokensStream, type TokensHeader } from './tokens/read-stream';
export { type TokensStreamOptions, writeTokensStream } from './tokens/write-stream';
export { readJsonLines, writeJsonLines } from './tokens/formats/jsonl';
export { type NpyArray, readNpy, writeNpy } from './tokens/formats/npy';
export { roundToHalf } from './tokens/half-float';
export { type JointVocabulary, jointVocabulary } from './tokens/special-tokens';
export { sequenceVocabulary, type SequenceVocabulary, type SequenceVocabularyInit } from './tokens/joint-vocabulary';
export type { IdMeaning, SequencePiece, SequencePlan, SequenceRun } from './tokens/sequence-pieces';
export type { VocabularyPart } from './tokens/vocabulary-layout';
export type { CodebookMatrix } from './analysis/codebook-matrix';
export { type CodebookNeighbors, codebookNeighbors, type NeighborTableOptions } from './analysis/codebook-neighbors';
export {
  clusterGroup,
  dynamicGroup,
  type DynamicGroupOptions,
  groupedRule,
  type TokenGroup,
} from './generation/grouped-speculation';
export { type LanternOptions, lanternRule } from './generation/lantern';
export {
  meanNeighborLogits,
  nearerNeighbors,
  type NearerNeighbor,
  nearToFarOrder,
  nearToFarPlanes,
} from './generation/near-to-far';
export { predictionMasks, type PredictionMasks, type PredictionTask } from './generation/prediction-masks';
export {
  type DraftRule,
  type DraftVerdict,
  drawToken,
  type Probabilities,
  speculativeRule,
  type VerifiedDraft,
  verifyDraft,
} from './generation/speculative';
export {
  doublingScales,
  entityPositions,
  type GridValues,
  latentScales,
  regroup,
  type TokenEntity,
  ungroup,
} from './generation/token-entities';
export { bitsToIds, joinBits, splitBits } from './tokens/split-bits';
