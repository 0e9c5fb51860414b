import type { ParityRunners } from '@tesserae/core/test';
import { runBeats } from './beats';
import { runCheckpoint } from './checkpoint';
import { runDac } from './dac';
import { runEncodec } from './encodec';
import { runFrontend } from './frontend';
import { runManifests } from './manifests';
import { runMetrics } from './metrics';
import { runMimi } from './mimi';
import { runResample } from './resample';
import { runS3 } from './s3';
import { runSnac } from './snac';
import { runWavtokenizer } from './wavtokenizer';

/** How each system of this package is called with a parity case. */
export const runners: ParityRunners = {
  beats: runBeats,
  checkpoint: runCheckpoint,
  dac: runDac,
  encodec: runEncodec,
  frontend: runFrontend,
  manifests: runManifests,
  metrics: runMetrics,
  mimi: runMimi,
  resample: runResample,
  s3: runS3,
  snac: runSnac,
  wavtokenizer: runWavtokenizer,
};
