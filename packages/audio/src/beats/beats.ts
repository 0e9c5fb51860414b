import { defineSystem, type Model } from '@tesserae/core';
import { library } from '../library';
import { type BeatsConfig, parseConfig } from './config';
import { functions } from './functions';
import { presets } from './presets';
import { type BeatsTokenizer, beatsTokenizer } from './tokenizer';
import { readWeights } from './weights';

/** BEATs' self-distilled tokenizers (arXiv 2212.09058): 50 labels a second of 1024, one a patch of a spectrogram. */
export const beats = defineSystem({
  id: 'audio/beats',
  library,
  presets,
  parseConfig: (json) => parseConfig(json),
  weights: readWeights,
  functions,
  carriesConfig: true,
  create: (model: Model<BeatsConfig>): BeatsTokenizer => beatsTokenizer(model),
});
