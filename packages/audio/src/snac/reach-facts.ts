import { unitKernel } from '../snake/config';
import type { ReachFacts } from '../snake/reach';
import { type SnacConfig, unitFrames } from './config';

/** What the reach of the encoder and the decoder depends on besides their sizes. */
export function reachFacts(config: SnacConfig): ReachFacts {
  return { unit: unitFrames(config), attention: config.attentionWindow ?? 1, latentKernel: unitKernel };
}
