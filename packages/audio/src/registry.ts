import { defineRegistry, type System } from '@tesserae/core';
import type { AudioEncoder } from './tokenizer/audio-tokenizer';

type AnyAudioSystem = System<unknown, AudioEncoder>;

/** Every audio tokenizer of this package, loaded when it is asked for. Those with a decoder have `decode` as well. */
export const audioTokenizers = defineRegistry<AudioEncoder>('audio', {
  wavtokenizer: {
    presets: [
      'wavtokenizer-small-40',
      'wavtokenizer-small-75',
      'wavtokenizer-medium-speech-75',
      'wavtokenizer-medium-speech-75-v1',
      'wavtokenizer-medium-music-audio-75',
      'wavtokenizer-medium-music-audio-75-v1',
      'wavtokenizer-large-unify-40',
      'wavtokenizer-large-speech-75',
      'wavtokenizer-large-speech-75-v1',
    ],
    load: () =>
      import('./wavtokenizer/wavtokenizer').then(({ wavtokenizer }) => wavtokenizer as unknown as AnyAudioSystem),
  },
  encodec: {
    presets: ['encodec-24khz', 'encodec-48khz'],
    load: () => import('./encodec/encodec').then(({ encodec }) => encodec as unknown as AnyAudioSystem),
  },
});
