import { defineRegistry, type System } from '@tesserae/core';
import type { Magnet } from './magnet/magnet';
import type { Mrt5Gate } from './mrt5/mrt5';
import { withPublishedModels } from './published-models';
import type { SatModel } from './sat/sat';
import type { WordPooler } from './word-pooler/word-pooler';
import type { Wtp } from './wtp/wtp';
import type { WtpCanine } from './wtp/wtp-canine';
import type { Zett } from './zett/zett';

/** A model of text with tensors. */
export type TextModel = Magnet | Mrt5Gate | SatModel | WordPooler | Wtp | WtpCanine | Zett;

type AnyTextSystem = System<unknown, TextModel>;

/** Every model of this package that computes with tensors, loaded when it is asked for, and published weights by name. */
export const textModels = withPublishedModels(
  defineRegistry<TextModel>('text', {
    magnet: {
      presets: [],
      load: () => import('./magnet/magnet').then(({ magnet }) => magnet as unknown as AnyTextSystem),
    },
    mrt5: { presets: [], load: () => import('./mrt5/mrt5').then(({ mrt5 }) => mrt5 as unknown as AnyTextSystem) },
    sat: { presets: [], load: () => import('./sat/sat').then(({ sat }) => sat as unknown as AnyTextSystem) },
    'word-pooler': {
      presets: [],
      load: () => import('./word-pooler/word-pooler').then(({ wordPooler }) => wordPooler as unknown as AnyTextSystem),
    },
    wtp: { presets: [], load: () => import('./wtp/wtp').then(({ wtp }) => wtp as unknown as AnyTextSystem) },
    'wtp-canine': {
      presets: [],
      load: () => import('./wtp/wtp-canine').then(({ wtpCanine }) => wtpCanine as unknown as AnyTextSystem),
    },
    zett: { presets: [], load: () => import('./zett/zett').then(({ zett }) => zett as unknown as AnyTextSystem) },
  }),
);
