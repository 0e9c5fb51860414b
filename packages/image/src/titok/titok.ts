import { defineSystem, type Model } from '@tesserae/core';
import { library } from '../library';
import { parseConfig, presets, type TitokConfig } from './config';
import { functions } from './functions';
import { titokTokenizer, type TitokTokenizer } from './tokenizer';
import { readWeights } from './weights';

/** TiTok, "An Image is Worth 32 Tokens for Reconstruction and Generation" (arXiv 2406.07550): 32 to 256 tokens a picture. */
export const titok = defineSystem({
  id: 'image/titok',
  library,
  presets,
  parseConfig: (json) => parseConfig(json),
  weights: readWeights,
  functions,
  create: (model: Model<TitokConfig>): TitokTokenizer => titokTokenizer(model, 'none'),
});
