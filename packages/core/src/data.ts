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
export { mulberry32 } from './random/mulberry32';
export type { RandomSource } from './random/random-source';
export { type TorchRandom, torchRandom } from './random/torch-random';
export type { AudioInput, AudioSignal } from './signal/audio-signal';
export type { ImageInput, ImageSignal } from './signal/image-signal';
export type { ShapeInput, ShapeSignal } from './signal/shape-signal';
export type { FileInput, Json, Modality } from './signal/signal';
export type { SourceFacts } from './signal/source-facts';
export type { VideoFrame, VideoInput, VideoSignal } from './signal/video-signal';
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
export { type FlattenOptions, flattenTokens, unflattenTokens } from './tokens/flatten';
export { readJsonLines, writeJsonLines } from './tokens/formats/jsonl';
export { type NpyArray, readNpy, writeNpy } from './tokens/formats/npy';
export { type JointVocabulary, jointVocabulary } from './tokens/special-tokens';
