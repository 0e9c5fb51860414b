import type { ParityRunners } from '@tesserae/core/test';
import { runCheckpoint } from './checkpoint';

/** How each system of this package is called with a parity case. */
export const runners: ParityRunners = { checkpoint: runCheckpoint };
