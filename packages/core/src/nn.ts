export { gelu, silu } from './nn/activations';
export { scaledDotProductAttention, selfAttention, type PackedAttentionParams } from './nn/attention';
export { convTranspose1d, type ConvTranspose1dParams } from './nn/conv-transpose1d';
export { conv1d, type Conv1dOptions, type Conv1dParams } from './nn/conv1d';
export { conv2d, type Conv2dOptions, type Conv2dParams } from './nn/conv2d';
export { depthwiseConv1d, type DepthwiseConv1dOptions, type DepthwiseConv1dParams } from './nn/depthwise-conv1d';
export { groupNorm } from './nn/group-norm';
export { layerNorm } from './nn/layer-norm';
export { linear, type LinearParams } from './nn/linear';
export { lstm, type LstmLayerParams, type LstmResult, type LstmState } from './nn/lstm';
export type { NormParams } from './nn/norm';
export { firstSteps, padTime, type TimePadding } from './nn/pad-time';
export { patchify, unpatchify, type ChannelOrder } from './nn/pixel-shuffle';
export { tap } from './nn/tap';
export { upsampleNearest } from './nn/upsample';
export { vitBlock, type VitBlockParams } from './nn/vit-block';
export {
  gaussianDivergence,
  gaussianNegativeLogLikelihood,
  gaussianPosterior,
  posteriorMode,
  samplePosterior,
  type GaussianPosterior,
} from './quantize/gaussian';
export { defineQuantizer, type QuantizedVectors, type Quantizer } from './quantize/quantizer';
export { l2Normalize, lookup, nearest, type NearestCodes, type NearestOptions } from './quantize/nearest';
export type { VectorMetric } from './quantize/nearest-blocks';
export { remapIds, remappedSize, unmapIds, type IdRemap } from './quantize/remap';
export { decodeVectors, encodeVectors, unitVectors, type VectorForm } from './quantize/vector';
export { vectorQuantizer, type VectorQuantizerConfig, type VectorQuantizerParams } from './quantize/vector-quantizer';
export {
  decodeFsq,
  encodeFsq,
  fsqCodebook,
  fsqCodes,
  fsqDigits,
  fsqDigitsOfIds,
  fsqIds,
  fsqMargins,
  fsqVocabularySize,
  type FsqBound,
  type FsqConfig,
  type FsqOptions,
} from './quantize/fsq';
export { fsqLevelPresets, type FsqQuantizerConfig } from './quantize/fsq-config';
export { cosmosFsqQuantizer, fsqQuantizer, type FsqParams } from './quantize/fsq-quantizer';
export {
  cosmosResidualFsqQuantizer,
  residualFsqCodes,
  residualFsqQuantizer,
  type ResidualFsqParams,
} from './quantize/residual-fsq';
export type { ResidualFsqConfig } from './quantize/residual-fsq-config';
export { s3FsqQuantizer, type S3FsqConfig, type S3FsqParams } from './quantize/s3-fsq';
export { groupedQuantizer, type GroupedConfig, type GroupedParams } from './quantize/grouped';
export { layersKept, type LayerDropout } from './quantize/layer-dropout';
export type { CodebookLayout, Projections } from './quantize/codebook-layout';
export {
  bitSigns,
  bitsOfGroupIds,
  bitsOfIds,
  groupIds,
  idsOfBits,
  regroupIds,
  signBits,
  type BitOrder,
} from './quantize/bits';
export { distributions, inverseErf, type Distribution, type DistributionName } from './quantize/distributions';
export { fspMomentPresets, fspQuantizer, type FspConfig, type MomentGoal, type MomentGoals } from './quantize/fsp';
export {
  decodeHierarchy,
  hierarchicalQuantizer,
  type HierarchicalConfig,
  type HierarchicalParams,
} from './quantize/hierarchical';
export { groupLatent, ungroupLatent } from './quantize/latent-groups';
export { halvingScales, latentPyramid, pyramidSequence, splitPyramid } from './quantize/latent-pyramid';
export {
  convolutionOfScales,
  decodeScales,
  encodeScales,
  multiScaleQuantizer,
  nextScaleInputs,
  type MultiScaleParams,
} from './quantize/multi-scale';
export type { MultiScaleConfig } from './quantize/multi-scale-config';
export { resampleMap, resampleSequence, resampleWeights, type ScaleResampling } from './quantize/resample-scales';
export {
  joinScales,
  residualScales,
  splitScales,
  tokenCount,
  type ResidualScales,
  type Scales,
  type ScaleRules,
  type ScaleStep,
} from './quantize/residual-scales';
export { blendConvolution } from './quantize/scale-convolution';
export { gqQuantizer } from './quantize/gq';
export type { BinaryForm, BinaryParams } from './quantize/lfq';
export { magvit2LfqQuantizer, type FactorizedLfqConfig } from './quantize/factorized-lfq';
export { lfqQuantizer, type LfqConfig } from './quantize/lfq-quantizer';
export {
  residualLfqCodes,
  residualLfqQuantizer,
  type ResidualLfqConfig,
  type ResidualLfqParams,
} from './quantize/residual-lfq';
export { bsqQuantizer, decodeBsqGroups, type BsqConfig } from './quantize/bsq';
export { averagedVectorQuantizer, type AveragedVectorParams } from './quantize/averaged-vector';
export type { AveragedVectorConfig } from './quantize/averaged-vector-config';
export { affineCodes, affineRows, rowMoments, type AffineStatistics } from './quantize/affine-codes';
export {
  multiHeadVectorQuantizer,
  projectIntoHeads,
  projectOutOfHeads,
  type HeadProjections,
  type MultiHeadVectorParams,
} from './quantize/multi-head-vector';
export type { MultiHeadVectorConfig } from './quantize/multi-head-vector-config';
export {
  elmBinaryQuantizer,
  instellaBinaryQuantizer,
  type BinaryLatentConfig,
  type BinaryLatentParams,
} from './quantize/binary';
export { binaryMapperQuantizer, type BinaryMapperConfig } from './quantize/binary-mapper';
export { latentQuantizer, uniformValues, type LatentConfig, type LatentParams } from './quantize/latent';
export { normalLevels, ptqLevels, ptqQuantizer, type PtqConfig } from './quantize/ptq';
export {
  factorizedVectorQuantizer,
  quantizeLatents,
  residualFactorizedQuantizer,
  type FactorizedVectorConfig,
  type FactorizedVectorParams,
  type ResidualFactorizedConfig,
  type ResidualFactorizedParams,
} from './quantize/factorized-vector';
export { productMultiScaleQuantizer, productQuantizer, productVectorQuantizer } from './quantize/product';
export {
  decodeLayers,
  encodeLayers,
  residualQuantizer,
  type ResidualCodes,
  type ResidualConfig,
  type ResidualDefinition,
  type ResidualLayer,
  type ResidualParams,
} from './quantize/residual';
export {
  encodecVectorQuantizer,
  layersForBandwidth,
  residualEncodecQuantizer,
  type EncodecVectorConfig,
  type EncodecVectorParams,
  type ResidualEncodecConfig,
  type ResidualEncodecParams,
} from './quantize/residual-encodec';
export {
  groupedResidualVectorQuantizer,
  residualVectorCodes,
  residualVectorQuantizer,
  type ResidualVectorParams,
} from './quantize/residual-vector';
export type { ResidualVectorConfig } from './quantize/residual-vector-config';
export { dualQuantizer, dualWeights, type DualConfig, type DualParams } from './quantize/dual';
export { decodeDualScales, dualMultiScaleQuantizer, type DualMultiScaleConfig } from './quantize/dual-multi-scale';
export { gumbelQuantizer, sampleGumbelIds, type GumbelConfig, type GumbelParams } from './quantize/gumbel';
export { ibq, type IbqConfig, type IbqParams } from './quantize/ibq';
export { memcodes, memcodesTables, type MemcodesConfig, type MemcodesParams } from './quantize/memcodes';
export { nearestOfParts, type NearestPart } from './quantize/nearest';
export {
  randomProjectionQuantizer,
  type RandomProjectionConfig,
  type RandomProjectionParams,
} from './quantize/random-projection';
export { residualSimVq, type ResidualSimVqConfig } from './quantize/residual-sim-vq';
export { encodeInRowBlocks } from './quantize/row-blocks';
export { simVq, simVqCodebook, type SimVqConfig, type SimVqParams } from './quantize/sim-vq';
