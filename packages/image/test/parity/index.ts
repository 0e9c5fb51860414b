import type { ParityRunners } from '@tesserae/core/test';
import { runMaskgitVqgan, runTitokVqgan } from './maskgit-vqgan';
import { runMetricFrechet } from './metric-frechet';
import { runMetricMsssim } from './metric-msssim';
import { runMetricPsnrSsim } from './metric-psnr-ssim';
import { runOneDPiece } from './one-d-piece';
import { runPilResample } from './pil-resample';
import { runPipelines1d } from './pipelines-1d';
import { runPngToRgb } from './png-to-rgb';
import { runPreprocess2d } from './preprocess-2d';
import { runTitok } from './titok';
import { runTorchCpuRng } from './torch-cpu-rng';

/** How each system of this package is called with a parity case. */
export const runners: ParityRunners = {
  'maskgit-vqgan': runMaskgitVqgan,
  'metric-frechet': runMetricFrechet,
  'metric-msssim': runMetricMsssim,
  'metric-psnr-ssim': runMetricPsnrSsim,
  'one-d-piece': runOneDPiece,
  'pil-resample': runPilResample,
  'pipelines-1d': runPipelines1d,
  'png-to-rgb': runPngToRgb,
  'preprocess-2d': runPreprocess2d,
  titok: runTitok,
  'titok-vqgan': runTitokVqgan,
  'torch-cpu-rng': runTorchCpuRng,
};
