import { defineSystem, type Model } from '@tesserae/core';
import { library, starterFile } from '../library';
import { type MelRvqConfig, parseConfig, presets } from './config';
import { functions } from './functions';
import { type MelRvqTokenizer, melRvqTokenizer } from './tokenizer';
import { readWeights } from './weights';

/**
 * A small codec in the style of Vocos (arXiv 2306.00814): log-mel spectra, ConvNeXt blocks, residual vector quantization,
 * ConvNeXt blocks, inverse Fourier transform. 50 frames a second of up to four codes of 10 bits, 16 kHz mono. Trained by
 * this project; see `starter/card.md`.
 */
export const melRvq = defineSystem({
  id: 'audio/mel-rvq',
  library,
  presets,
  parseConfig,
  weights: readWeights,
  functions,
  create: (model: Model<MelRvqConfig>): MelRvqTokenizer => melRvqTokenizer(model),
  bundledFile: starterFile,
});
