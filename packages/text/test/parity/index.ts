import type { ParityRunners } from '@tesserae/core/test';
import { runGfd } from './gfd';
import { runStrings } from './strings';
import { runTiktoken } from './tiktoken';

/** How each system of this package is called with a parity case. */
export const runners: ParityRunners = {
  gfd: runGfd,
  strings: runStrings,
  tiktoken: runTiktoken,
};
