import { defineSystem, type Model } from '@tesserae/core';
import { library } from '../library';
import { type MimiConfig, parseConfig } from './config';
import { functions } from './functions';
import { unwrap } from './port-keys';
import { presets } from './presets';
import { type MimiTokenizer, mimiTokenizer } from './tokenizer';
import { readWeights } from './weights';

/** Mimi (arXiv 2410.00037), the codec of Moshi: 12.5 frames a second of a semantic and up to 31 acoustic codes. */
export const mimi = defineSystem({
  id: 'audio/mimi',
  library,
  presets,
  parseConfig: (json) => parseConfig(json),
  weights: readWeights,
  functions,
  unwrap,
  create: (model: Model<MimiConfig>): MimiTokenizer => mimiTokenizer(model),
});
