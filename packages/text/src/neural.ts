export { type Mrt5Config, parseConfig as parseMrt5Config } from './mrt5/config';
export { addDeleteGate, deleteGate, type GateValues, softmax1 } from './mrt5/delete-gate';
export { deletePositions, deletePositionsOfBias } from './mrt5/delete-positions';
export { mrt5, type Mrt5Gate } from './mrt5/mrt5';
export { t5LayerNorm } from './mrt5/t5-layer-norm';
export type { DeleteGateParams } from './mrt5/weights';
export {
  fixedDeleteGate,
  type FixedGateOptions,
  randomDeleteGate,
  type RandomGateOptions,
} from './mrt5/baseline-gates';
export {
  type ControllerOptions,
  type DeletionController,
  deletionController,
  type GateStatistics,
  gateStatistics,
} from './mrt5/deletion-controller';
export { type KeptPositions, keptPositions } from './mrt5/kept-positions';
export { boundaryLogits, hardBoundaries, relaxedBoundaries } from './magnet/boundary-predictor';
export {
  type MagnetConfig,
  type MagnetPoolingConfig,
  parseConfig as parseMagnetConfig,
  parsePoolingConfig,
} from './magnet/config';
export { entropySpikes, fixedBoundaries, segmentSlots, separatorBoundaries } from './magnet/boundaries';
export { type BoundaryCount, boundaryLoss, compressionRate, countBoundaries } from './magnet/boundary-loss';
export { magnet, type Magnet, type MagnetOutput } from './magnet/magnet';
export { type Boundaries, type BoundaryOptions, type MagnetPooling, magnetPooling } from './magnet/magnet-pooling';
export { poolSegments, spreadSegments } from './magnet/pooling';
export { relativeLayers } from './magnet/relative-layers';
export type { BoundaryParams, MagnetParams, PoolingParams, RelativeLayerParams } from './magnet/weights';
export { bertLayer, lookaheadMask, paddingMask, patternMask } from './bert/bert-layer';
export type { BertActivation, BertLayerParams, BertSizes } from './bert/weights';
export { parseConfig as parseSatConfig, type SatConfig } from './sat/config';
export { type LoraFiles, mergeLora, type StoredTensor, type StoredTensors } from './sat/merge-lora';
export type { BatchOptions } from './sat/run-blocks';
export { type ProbabilityOptions, type Sat, sat, type SatModel, satThreshold } from './sat/sat';
export type { SatParams } from './sat/weights';
export {
  type LanguageAdapter,
  parseCanineConfig as parseWtpCanineConfig,
  type WtpCanineConfig,
} from './wtp/canine-config';
export type { AdapterParams, CanineLayerParams, WtpCanineParams } from './wtp/canine-weights';
export type { CharacterOptions, CharacterSplitter } from './wtp/character-model';
export { parseConfig as parseWtpConfig, type WtpConfig } from './wtp/config';
export { wtpLanguages } from './wtp/languages';
export type { CharacterTables, WtpParams } from './wtp/weights';
export { type Wtp, wtp } from './wtp/wtp';
export { type WtpCanine, wtpCanine } from './wtp/wtp-canine';
export { poolEvery, type PooledVectors } from './tensors/pool-every';
export {
  attendToWords,
  meanOfWords,
  prefixesOfWords,
  sameWordMask,
  type WordQueryParams,
} from './word-pooler/pool-words';
export { layoutWords, type WordLayout, type WordLayoutOptions } from './word-pooler/word-layout';
export { parseWordPoolerConfig, type WordPoolerConfig } from './word-pooler/config';
export { type WordPooler, wordPooler } from './word-pooler/word-pooler';
export { parseConfig as parseZettConfig, type ZettConfig } from './zett/config';
export { type SurfaceForms, surfaceForms, type SurfaceOptions } from './zett/surface-forms';
export type { ZettParams } from './zett/weights';
export { type PredictedEmbeddings, type PredictOptions, type Zett, zett } from './zett/zett';
export type { PublishedModel } from './published-models';
export { type TextModel, textModels } from './registry';
