// Registers the gradients of all operators; the only import of the union package.
import '@tensorflow/tfjs';

export { writeSafetensors, type WriteSafetensorsOptions } from './checkpoint/write-safetensors';
export { adamW, type AdamWOptions } from './train/adam-w';
export { clipGradients } from './train/clip-gradients';
export { updateAverage } from './train/ema';
export { trainModel, type TrainingProgress, type TrainModelOptions } from './train/fit';
export { commitmentLoss, gradientLoss, meanAbsoluteLoss, meanSquaredLoss, stopGradient } from './train/losses';
export { muon, type MuonOptions } from './train/muon';
export { partitionedOptimizer, type Optimizer, type UpdateContext } from './train/optimizer';
export { fillParameters, parameterShapes, parameterTree } from './train/parameter-tree';
export { detached, lookupRows } from './train/detached';
export { type LossCurve, plotLosses, type PlotLossesOptions } from './train/plot-losses';
export { directionalReparameterization } from './train/quantize/directional-reparameterization';
export { entropyLoss, type EntropyLoss, type EntropyLossOptions } from './train/quantize/entropy-loss';
export { rotationTrick, type RotationForm } from './train/quantize/rotation-trick';
export { codeCounts, codePerplexity, updateUsageRing, usageOf, usageRing } from './train/quantize/usage-ring';
export {
  trainVectors,
  type VectorEstimator,
  type VectorTraining,
  type VectorTrainingConfig,
} from './train/quantize/vector-quantizer';
export { cosineRate, type CosineSchedule } from './train/schedule';
export { multiScaleSsimLoss, ssimLoss, type SsimLossOptions } from './train/ssim-loss';
export {
  trainFsq,
  trainResidualFsq,
  type FsqNoise,
  type FsqTraining,
  type ResidualFsqDraws,
} from './train/quantize/fsq';
export { trainFsp, type FspDraws, type FspTraining } from './train/quantize/fsp';
export { momentLoss, momentsOf, type Moments } from './train/quantize/moment-loss';
export {
  bitEntropies,
  clampedEntropy,
  jointProbabilities,
  offsetEntropy,
  type BitEntropies,
} from './train/quantize/binary-entropy';
export { trainFactorizedLfq, type FactorizedLfqTraining } from './train/quantize/factorized-lfq';
export { trainLfq, type LfqTraining, type LfqTrainingOptions } from './train/quantize/lfq';
export { trainResidualLfq, type ResidualLfqOptions, type ResidualLfqTraining } from './train/quantize/residual-lfq';
export { trainBsq, type BsqTraining } from './train/quantize/bsq';
export { trainBinaryLatent, type BinaryLatentTraining } from './train/quantize/binary';
export {
  binaryLogProbabilities,
  trainBinaryMapper,
  type BinaryMapperOptions,
  type BinaryMapperTraining,
} from './train/quantize/binary-mapper';
export { trainLatent, type LatentTraining } from './train/quantize/latent';
export { trainGroups, type GroupTraining } from './train/quantize/grouped';
export { roundStraightThrough, straightThrough } from './train/straight-through';
export { initialState, loadTrainingState, saveTrainingState, type TrainingState } from './train/training-state';
export { trainingStep, type TrainingBuffers, type TrainingStepOptions } from './train/training-step';
export { trainHierarchical, type HierarchicalTraining } from './train/quantize/hierarchical';
export {
  trainDroppedMultiScale,
  trainMultiScale,
  type DroppedMultiScaleTraining,
  type MultiScaleDraws,
  type MultiScaleTraining,
} from './train/quantize/multi-scale';
export { scaleHitRates, scaleUsage, updateScaleHits } from './train/quantize/scale-usage';
export { weightNorm } from './train/weight-norm';
export { updateCodebookState } from './train/quantize/codebook-update';
export {
  trainAveragedVector,
  type AveragedTrainingConfig,
  type AveragedVectorDraws,
  type AveragedVectorTraining,
} from './train/quantize/averaged-vector';
export {
  codebookBuffers,
  codebookFlavors,
  type CodebookFlavor,
  type FlavorRule,
} from './train/quantize/codebook-flavors';
export {
  codebookPass,
  startByKMeans,
  type CodebookDraws,
  type CodebookPass,
  type CodebookPassConfig,
  type CodebookPassOptions,
  type CodebookPassState,
} from './train/quantize/codebook-pass';
export {
  codebookCrossEntropy,
  codebookDiversityLoss,
  orthogonalLoss,
  type OrthogonalLossOptions,
} from './train/quantize/codebook-regularizers';
export {
  codebookScores,
  euclideanScores,
  lookupCodebooks,
  ownCodebookScores,
  searchCodebooks,
  type CodebookMetric,
  type CodebookSearch,
} from './train/quantize/codebook-search';
export {
  expireCodes,
  replaceByRandomRows,
  splitMostUsedCodes,
  substituteCodes,
  type DeadCodeOptions,
  type ExpireCodesOptions,
} from './train/quantize/dead-codes';
export {
  addStatistics,
  codebookStatistics,
  readOutCodes,
  smoothCounts,
  startCodebook,
  trackStatistics,
  updateCodebook,
  type CodebookState,
  type CodebookStatistics,
  type CodebookUpdateOptions,
  type ReadOutOptions,
  type TrackOptions,
} from './train/quantize/ema-codebook';
export { maskOfLengths } from './train/quantize/head-layout';
export { inPlaceCodebookLoss, type CodebookOptimizer, type InPlaceLoss } from './train/quantize/in-place-codebook';
export { assignmentsOf, kMeans, type KMeansOptions, type KMeansResult } from './train/quantize/kmeans';
export type { MultiHeadLosses } from './train/quantize/multi-head-losses';
export {
  trainMultiHeadVector,
  type MultiHeadVectorDraws,
  type MultiHeadVectorTraining,
  type MultiHeadVectorTrainingOptions,
} from './train/quantize/multi-head-vector';
export { gumbelNoise, sampleCodes, softAssignments, type SampleOptions } from './train/quantize/sample-codes';
export {
  trainFactorizedVector,
  trainResidualFactorized,
  type FactorizedVectorTraining,
  type ResidualFactorizedDraws,
  type ResidualFactorizedTraining,
} from './train/quantize/factorized-vector';
export { drawKeptLayers } from './train/quantize/residual-dropout';
export {
  residualVectorCrossEntropy,
  trainGroupedResidualVector,
  trainResidualVector,
  type GroupedResidualVectorTraining,
  type ResidualVectorTraining,
} from './train/quantize/residual-vector';
export type {
  ResidualVectorDraws,
  ResidualVectorLayers,
  ResidualVectorTrainingOptions,
} from './train/quantize/residual-step';
export { trainDual } from './train/quantize/dual';
export { trainDualMultiScale } from './train/quantize/dual-multi-scale';
export { gumbelTemperature, trainGumbel, type GumbelDraws, type GumbelTraining } from './train/quantize/gumbel';
export { trainIbq, type IbqTraining } from './train/quantize/ibq';
export { trainMemcodes, type MemcodesDraws, type MemcodesTraining } from './train/quantize/memcodes';
export { trainResidualSimVq, type ResidualSimVqTraining } from './train/quantize/residual-sim-vq';
export { trainSimVq, type SimVqTraining } from './train/quantize/sim-vq';
export {
  trainResidualEncodec,
  type ResidualEncodecOptions,
  type ResidualEncodecTraining,
} from './train/quantize/residual-encodec';
