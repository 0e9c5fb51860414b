export type { Checkpoint, CheckpointFormat } from './checkpoint/checkpoint';
export { exportWeights } from './checkpoint/export-weights';
export type { ByteSource } from './checkpoint/byte-source';
export { type PlainObject, readNpyObject } from './checkpoint/npy-object';
export { openByteSource } from './checkpoint/open-byte-source';
export { openCheckpoint, type OpenCheckpointOptions } from './checkpoint/open-checkpoint';
export { nestedKeys, renameKeys, selectNested, stripPrefix } from './checkpoint/nesting';
export { embeddedConfigs, type EmbeddedConfig } from './checkpoint/embedded-config';
export { parseConfigText } from './checkpoint/config-text';
export { rawChunks, readRawBytes } from './checkpoint/raw-bytes';
export {
  safetensorsMetadata,
  safetensorsStream,
  type SafetensorsStream,
  type SafetensorsStreamOptions,
} from './checkpoint/safetensors-stream';
export type { Tolerated } from './checkpoint/tolerance';
export { unwrapCheckpoint, unwrapPrefix } from './checkpoint/unwrap-checkpoint';
export type { WeightMap, WeightRole } from './checkpoint/weight-map';
export type { Host, StoredDtype, WeightRecipe, WeightTensor } from './checkpoint/weight-recipe';
export { writeSafetensors, type WriteSafetensorsOptions } from './checkpoint/write-safetensors';
export * from './data';
export {
  modelFunction,
  type Engine,
  type EngineName,
  type EngineOptions,
  type EngineReport,
  type Executable,
  type HostTensor,
  type HostTensors,
  type LoadOptions,
  type ModelFunction,
  type Tensors,
} from './engine/engine';
export type { ProgressEvent, RunOptions } from './engine/run-options';
export { describeEngines, isEngineName, selectEngine } from './engine/select-engine';
export { hubCacheFolder } from './hub/cache-folder';
export { findSnapshot } from './hub/layout';
export { defineSystem } from './pretrained/define-system';
export type { PretrainedOptions, System } from './pretrained/system';
export type { SystemDefinition } from './pretrained/system-definition';
export { sha256OfFile, weightFileHashes, type HashedFile } from './pretrained/file-hash';
export type { Model } from './pretrained/model';
export type { Preset, PresetSource } from './pretrained/preset';
export {
  defineRegistry,
  type InspectOptions,
  type Inspection,
  type PresetSummary,
  type Registry,
  type RegistryEntry,
} from './pretrained/registry';
export { resolvePackageFile } from './pretrained/package-file';
export type { PretrainedSource } from './pretrained/source';
export { type LoadedQuantizer, quantizerSystem } from './quantize/quantizer-system';
export { encodeAll, type EncodeAllOptions } from './tokenizer/encode-all';
export {
  assertOwnTokens,
  encodeOnlyTokenizer,
  feedForwardTokenizer,
  type DecoderRooms,
  type EncoderRooms,
  type SystemInfo,
} from './tokenizer/feed-forward-tokenizer';
export { parseWith } from './tokenizer/parse-with';
export type {
  Capability,
  DecodeOptions,
  EncodeOnlyTokenizer,
  EncodeOptions,
  LatentAccess,
  LevelInfo,
  Preview,
  ProgressiveDecoder,
  Rounding,
  Sampling,
  StreamingDecoder,
  StreamingEncoder,
  Tokenizer,
  TokenizerInfo,
  WeightFile,
  WeightLicense,
  WeightSizes,
} from './tokenizer/tokenizer';
