import { defineSystem, type Model } from '@tesserae/core';
import { library } from '../library';
import { type EncodecConfig, parseConfig } from './config';
import { functions } from './functions';
import { presets } from './presets';
import { type EncodecTokenizer, encodecTokenizer } from './tokenizer';
import { readWeights, unwrap } from './weights';

/** EnCodec (arXiv 2210.13438): 24 kHz mono and 48 kHz stereo, 1.5 to 24 kbit/s. */
export const encodec = defineSystem({
  id: 'audio/encodec',
  library,
  presets,
  parseConfig: (json) => parseConfig(json),
  weights: readWeights,
  functions,
  unwrap,
  create: (model: Model<EncodecConfig>): EncodecTokenizer => encodecTokenizer(model),
});
