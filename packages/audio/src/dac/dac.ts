import { defineSystem, type Model } from '@tesserae/core';
import { library } from '../library';
import { type DacConfig, parseConfig } from './config';
import { functions } from './functions';
import { presets } from './presets';
import { type DacTokenizer, dacTokenizer } from './tokenizer';
import { readWeights, unwrap } from './weights';

/** DAC, the Descript Audio Codec (arXiv 2306.06546): 16, 24 and 44.1 kHz mono, 6 to 24 kbit/s. */
export const dac = defineSystem({
  id: 'audio/dac',
  library,
  presets,
  parseConfig: (json) => parseConfig(json),
  weights: readWeights,
  functions,
  unwrap,
  create: (model: Model<DacConfig>): DacTokenizer => dacTokenizer(model),
});
