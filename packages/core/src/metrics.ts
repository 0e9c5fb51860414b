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
