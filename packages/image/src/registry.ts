import { defineRegistry, type System } from '@tesserae/core';
import type { ImageTokenizer } from './tokenizer/image-tokenizer';

type AnyImageSystem = System<unknown, ImageTokenizer>;

/** Every image tokenizer of this package, loaded when it is asked for. */
export const imageTokenizers = defineRegistry<ImageTokenizer>('image', {
  'conv-fsq': {
    presets: ['image-starter'],
    load: () => import('./conv-fsq/conv-fsq').then(({ convFsq }) => convFsq as unknown as AnyImageSystem),
  },
  titok: {
    presets: [
      'titok-l32',
      'titok-b64',
      'titok-s128',
      'titok-bl64-vq8k',
      'titok-bl128-vq8k',
      'titok-sl256-vq8k',
      'titok-ll32-vae-c16',
      'titok-bl64-vae-c16',
      'titok-bl128-vae-c16',
    ],
    load: () => import('./titok/titok').then(({ titok }) => titok as unknown as AnyImageSystem),
  },
  'one-d-piece': {
    presets: ['one-d-piece-l256', 'one-d-piece-b256', 'one-d-piece-s256'],
    load: () => import('./one-d-piece/one-d-piece').then(({ oneDPiece }) => oneDPiece as unknown as AnyImageSystem),
  },
  'maskgit-vqgan': {
    presets: ['maskgit-vqgan-f16'],
    load: () =>
      import('./maskgit-vqgan/maskgit-vqgan').then(({ maskgitVqgan }) => maskgitVqgan as unknown as AnyImageSystem),
  },
});
