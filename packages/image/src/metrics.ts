export {
  msSsim,
  psnr,
  ssim,
  type MetricResult,
  type MsSsimOptions,
  type PsnrOptions,
  type SsimConvention,
  type SsimOptions,
} from '@tesserae/core/metrics';
