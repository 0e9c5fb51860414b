import type { Model } from '@tesserae/core';
import { type BoundedTokenizer, boundedTokenizer } from '../snake/bounded-tokenizer';
import { hopLength, unitKernel } from '../snake/config';
import { decoderReach, encoderReach } from '../snake/reach';
import { type DacFiles, dacFiles } from './compress';
import type { DacConfig } from './config';
import { latentKernel } from './weights';

export interface DacTokenizer extends BoundedTokenizer, DacFiles {}

/** Of a window of a long clip. */
const longSeconds = 2;

/**
 * One level a codebook, coarse to fine, `[frames]`; the first ones decode without the others.
 *
 * Encoder and decoder look only so far: `encodeStream` and `decodeStream` are exact, up to near-ties.
 */
export function dacTokenizer(model: Model<DacConfig>): DacTokenizer {
  const { sampleRate, network, codebooks, codebookSize } = model.config;
  const single = { unit: 1, attention: 1 };
  const tokenizer = boundedTokenizer(
    model,
    { sampleRate, channels: 1, hopLength: hopLength(network), codebookSize, codebooks, prefixUnit: 'level' },
    {
      encoder: encoderReach(network, { ...single, latentKernel }),
      decoder: decoderReach(network, { ...single, latentKernel: unitKernel }),
      seconds: longSeconds,
    },
  );
  return { ...tokenizer, ...dacFiles(model, tokenizer) };
}
