import { defineRegistry, type System } from '@tesserae/core';
import type { AudioEncoder } from './tokenizer/audio-tokenizer';

type AnyAudioSystem = System<unknown, AudioEncoder>;

/** Every audio tokenizer of this package, loaded when it is asked for. Those with a decoder have `decode` as well. */
export const audioTokenizers = defineRegistry<AudioEncoder>('audio', {
  'mel-rvq': {
    presets: ['audio-starter'],
    load: () => import('./mel-rvq/mel-rvq').then(({ melRvq }) => melRvq as unknown as AnyAudioSystem),
  },
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
  dac: {
    presets: ['dac-44khz', 'dac-24khz', 'dac-16khz', 'dac-44khz-16kbps'],
    load: () => import('./dac/dac').then(({ dac }) => dac as unknown as AnyAudioSystem),
  },
  encodec: {
    presets: ['encodec-24khz', 'encodec-48khz'],
    load: () => import('./encodec/encodec').then(({ encodec }) => encodec as unknown as AnyAudioSystem),
  },
  mimi: {
    presets: ['mimi'],
    load: () => import('./mimi/mimi').then(({ mimi }) => mimi as unknown as AnyAudioSystem),
  },
  beats: {
    presets: ['beats-iter2', 'beats-iter3', 'beats-iter3-plus-as20k', 'beats-iter3-plus-as2m'],
    load: () => import('./beats/beats').then(({ beats }) => beats as unknown as AnyAudioSystem),
  },
  'beats-random-projection': {
    presets: [],
    load: () =>
      import('./beats/random-projection').then(
        ({ beatsRandomProjection }) => beatsRandomProjection as unknown as AnyAudioSystem,
      ),
  },
  s3: {
    presets: ['s3-v1-50', 's3-v1-25', 's3-v2-25', 's3-v3-25'],
    load: () => import('./s3/s3').then(({ s3 }) => s3 as unknown as AnyAudioSystem),
  },
  snac: {
    presets: ['snac-24khz', 'snac-32khz', 'snac-44khz'],
    load: () => import('./snac/snac').then(({ snac }) => snac as unknown as AnyAudioSystem),
  },
});
