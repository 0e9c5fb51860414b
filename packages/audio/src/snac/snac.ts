import { defineSystem, type Model } from '@tesserae/core';
import { library } from '../library';
import { parseConfig, type SnacConfig } from './config';
import { functions } from './functions';
import { presets } from './presets';
import { type SnacTokenizer, snacTokenizer } from './tokenizer';
import { readWeights, unwrap } from './weights';

/** SNAC (arXiv 2410.14411): three or four levels of different rates, 24, 32 and 44.1 kHz mono, 0.98 to 2.6 kbit/s. */
export const snac = defineSystem({
  id: 'audio/snac',
  library,
  presets,
  parseConfig: (json) => parseConfig(json),
  weights: readWeights,
  functions,
  unwrap,
  create: (model: Model<SnacConfig>): SnacTokenizer => snacTokenizer(model),
});
