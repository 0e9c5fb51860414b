export { type CoOccurrence, type CoOccurrenceOptions, coOccurrenceAccumulator } from './analysis/co-occurrence';
export { type CodebookUsage, codebookUsage, codebookUsageAccumulator } from './analysis/codebook-usage';
export {
  cosineHistogram,
  type CosineHistogramOptions,
  effectiveRank,
  type Histogram,
  nearestCodeHistogram,
} from './analysis/codebook-geometry';
export type { CodebookMatrix } from './analysis/codebook-matrix';
export { type CodebookNeighbors, codebookNeighbors, type NeighborTableOptions } from './analysis/codebook-neighbors';
export {
  alignCodebooks,
  type CodebookAlignment,
  type CodebookComparison,
  compareCodebooks,
  mutualNearest,
  neighborOverlap,
} from './analysis/compare-codebooks';
export { codeFrequencyAccumulator, type CodeFrequency } from './analysis/count-accumulator';
export { type CodedSize, type Compressibility, compressibilityAccumulator } from './analysis/compressibility';
export {
  type DimensionEntropy,
  dimensionEntropyAccumulator,
  type DimensionEntropyOptions,
} from './analysis/dimension-entropy';
export { entropyAccumulator, type LevelEntropy } from './analysis/entropy';
export {
  type EntropyEstimates,
  entropyEstimates,
  type EntropyEstimator,
  entropyOf,
} from './analysis/entropy-estimates';
export { type EntropyRate, entropyRate, entropyRateAccumulator } from './analysis/entropy-rate';
export {
  heapsAccumulator,
  type HeapsCurve,
  heapsCurve,
  type HeapsOptions,
  type ItemHeapsCurve,
} from './analysis/heaps';
export { fitMandelbrot, type MandelbrotFit } from './analysis/mandelbrot';
export {
  mutualInformationAccumulator,
  type MutualInformationOptions,
  type NeighborInformation,
} from './analysis/mutual-information';
export type { NgramScan } from './analysis/ngram-windows';
export { ngramAccumulator, ngramCounts, type NgramOptions, type NgramStatistics } from './analysis/ngrams';
export { type ItemNovelty, type Novelty, noveltyAccumulator, type NoveltyOptions, surprisal } from './analysis/novelty';
export {
  type PositionEntropy,
  positionEntropyAccumulator,
  type PositionEntropyOptions,
} from './analysis/position-entropy';
export { plotCodeUsage, plotRankFrequency, type PlotCodesOptions } from './analysis/plot-codes';
export { fitSpectrum, type SpectrumFit } from './analysis/power-law';
export { type ScanOrder, scanLines, scanPositions } from './analysis/scan-order';
export type { TokenAccumulator } from './analysis/token-accumulator';
export type { LevelFacts, TokenSymbol } from './analysis/token-stream';
export {
  type UsageWindow,
  usageWindow,
  type WindowedUsage,
  windowedUsageAccumulator,
  type WindowedUsageOptions,
} from './analysis/windowed-usage';
export { type LogLogFit, logLogFit, rankFrequency, zipfAccumulator, type ZipfFit, zipfFit } from './analysis/zipf';
export { bitRate, type BitRateOptions } from './metrics/bit-rate';
export {
  type FeatureAccumulator,
  featureAccumulator,
  type FeatureStatistics,
  featureStatistics,
  frechetDistance,
} from './metrics/frechet';
export type { MetricResult } from './metrics/metric-result';
export { msSsim, type MsSsimOptions } from './metrics/ms-ssim';
export { psnr, type PsnrOptions } from './metrics/psnr';
export { ssim, type SsimConvention, type SsimOptions } from './metrics/ssim';
