import type { ParityRunners } from '@tesserae/core/test';
import { runMaskgitVqgan, runTitokVqgan } from './maskgit-vqgan';
import { runOneDPiece } from './one-d-piece';
import { runPilResample } from './pil-resample';
import { runPipelines1d } from './pipelines-1d';
import { runPngToRgb } from './png-to-rgb';
import { runPreprocess2d } from './preprocess-2d';
import { runTitok } from './titok';

/** How each system of this package is called with a parity case. */
export const runners: ParityRunners = {
  'maskgit-vqgan': runMaskgitVqgan,
  'one-d-piece': runOneDPiece,
  'pil-resample': runPilResample,
  'pipelines-1d': runPipelines1d,
  'png-to-rgb': runPngToRgb,
  'preprocess-2d': runPreprocess2d,
  titok: runTitok,
  'titok-vqgan': runTitokVqgan,
};
