import type { Model } from '@tesserae/core';
import type { CodecFacts } from './audio-rooms';
import type { AudioLatents } from './audio-tokenizer';
import { codesOfLevels } from './code-levels';
import { audioTensor, withoutBatch } from './host-audio';
import { prepareAudio } from './prepare-audio';

/** `latents` and `codes` of a codec, by the model functions of these names. */
export function audioLatents(model: Pick<Model<unknown>, 'run'>, facts: CodecFacts): AudioLatents {
  return {
    async latents(input, options = {}) {
      const { signal } = await prepareAudio(input, facts, options);
      const { latents } = await model.run('latents', { audio: audioTensor(signal.channels) }, options);
      return withoutBatch(latents!);
    },
    async codes(tokens) {
      const { codes } = await model.run('codes', { ids: codesOfLevels(tokens) });
      return withoutBatch(codes!);
    },
  };
}
