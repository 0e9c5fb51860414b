import { assertOwnTokens, encodeOnlyTokenizer, type Model } from '@tesserae/core';
import type { AudioInput } from '@tesserae/core/data';
import type { AudioEncoder, AudioLatents } from '../tokenizer/audio-tokenizer';
import { presentIds } from '../tokenizer/code-levels';
import { withoutBatch } from '../tokenizer/host-audio';
import type { BeatsConfig } from './config';
import { type PatchFacts, patchRooms, prepareBank } from './rooms';

/**
 * `latents` and `codes` are `[labels, dimension]`, labels in order of time, then of frequency.
 *
 * There is no `decode`: BEATs labels sound, nothing makes sound of labels. There is no `encodeStream`: every label looks
 * at the whole clip.
 */
export interface BeatsTokenizer extends AudioEncoder, AudioLatents {}

/**
 * All labels look at all, so that twice as many take four times as long: 10 minutes and 55 seconds with the published
 * sizes.
 */
const mostLabels = 2 ** 15;

/** One level of ids, `[steps, bands]`: eight bands every 0.16 s in the published models. */
export function beatsTokenizer(model: Model<BeatsConfig>): BeatsTokenizer {
  const facts: PatchFacts = { ...model.config, mostLabels };
  const tokenizer = encodeOnlyTokenizer<BeatsConfig, AudioInput>(model, {
    ...patchRooms(facts),
    capabilities: ['latents', 'codes'],
  });
  return {
    ...tokenizer,
    async latents(input, options = {}) {
      const { bank } = await prepareBank(input, facts, options);
      const { latents } = await model.run('latents', { bank }, options);
      return withoutBatch(latents!);
    },
    async codes(tokens) {
      assertOwnTokens(tokens, tokenizer.info);
      const ids = presentIds(tokens.levels[0]!, 0);
      const { codes } = await model.run('codes', { ids: { shape: [1, ids.length], data: ids } });
      return withoutBatch(codes!);
    },
  };
}
