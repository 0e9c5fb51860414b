import type { ParityRunners } from '@tesserae/core/test';
import { runCheckpoint } from './checkpoint';
import { runFrontend } from './frontend';
import { runMetrics } from './metrics';
import { runResample } from './resample';

/** How each system of this package is called with a parity case. */
export const runners: ParityRunners = {
  checkpoint: runCheckpoint,
  frontend: runFrontend,
  metrics: runMetrics,
  resample: runResample,
};
