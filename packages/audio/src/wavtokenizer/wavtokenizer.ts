import { defineSystem, type Model } from '@tesserae/core';
import { library } from '../library';
import { parseConfig, type WavtokenizerConfig } from './config';
import { functions } from './functions';
import { inferConfig } from './infer-config';
import { presets } from './presets';
import { type WavtokenizerTokenizer, wavtokenizerTokenizer } from './tokenizer';
import { readWeights, unwrap } from './weights';

/** WavTokenizer (arXiv 2408.16532): 40 or 75 tokens a second of one codebook, 24 kHz mono. */
export const wavtokenizer = defineSystem({
  id: 'audio/wavtokenizer',
  library,
  presets,
  parseConfig: (json) => parseConfig(json),
  weights: readWeights,
  functions,
  unwrap,
  inferConfig,
  create: (model: Model<WavtokenizerConfig>): WavtokenizerTokenizer => wavtokenizerTokenizer(model),
});
