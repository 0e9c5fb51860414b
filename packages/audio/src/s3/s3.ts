import { defineSystem, type Model } from '@tesserae/core';
import { library } from '../library';
import { parseConfig, type S3Config } from './config';
import { functions } from './functions';
import { presets } from './presets';
import { type S3Tokenizer, s3Tokenizer } from './tokenizer';
import { unwrap } from './unwrap';
import { readWeights } from './weights';

/**
 * The supervised semantic speech tokenizers of CosyVoice 1 to 3 (arXiv 2407.05407, 2412.10117, 2505.17589): 25 or 50
 * tokens a second of 16 kHz speech. Encode only.
 */
export const s3 = defineSystem({
  id: 'audio/s3',
  library,
  presets,
  parseConfig: (json) => parseConfig(json),
  weights: readWeights,
  functions,
  unwrap,
  create: (model: Model<S3Config>): S3Tokenizer => s3Tokenizer(model),
});
