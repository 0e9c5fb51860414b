import type { ParityRunners } from '@tesserae/core/test';
import { runCheckpoint } from './checkpoint';
import { runEncodec } from './encodec';
import { runFrontend } from './frontend';
import { runManifests } from './manifests';
import { runMetrics } from './metrics';
import { runResample } from './resample';
import { runWavtokenizer } from './wavtokenizer';

/** How each system of this package is called with a parity case. */
export const runners: ParityRunners = {
  checkpoint: runCheckpoint,
  encodec: runEncodec,
  frontend: runFrontend,
  manifests: runManifests,
  metrics: runMetrics,
  resample: runResample,
  wavtokenizer: runWavtokenizer,
};
