import type { Model } from '@tesserae/core';
import { type BoundedTokenizer, boundedTokenizer } from '../snake/bounded-tokenizer';
import { hopLength, type MelRvqConfig } from './config';
import { decoderReach, encoderReach } from './reach';

export interface MelRvqTokenizer extends BoundedTokenizer {}

/** Of a window of a long clip. */
const longSeconds = 30;

/**
 * One level a codebook, coarse to fine, `[frames]`; the first ones decode without the others.
 *
 * Encoder and decoder look only so far: `encodeStream` and `decodeStream` are exact, up to near-ties.
 */
export function melRvqTokenizer(model: Model<MelRvqConfig>): MelRvqTokenizer {
  const { config } = model;
  const { sampleRate, codebooks, codebookSize } = config;
  return boundedTokenizer(
    model,
    { sampleRate, channels: 1, hopLength: hopLength(config), codebookSize, codebooks, prefixUnit: 'level' },
    { encoder: encoderReach(config), decoder: decoderReach(config), seconds: longSeconds },
  );
}
