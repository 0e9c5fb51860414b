import { defineSystem, type ImageSignal, type Model, type ProgressiveDecoder } from '@tesserae/core';
import { library } from '../library';
import type { TitokConfig } from '../titok/config';
import { functions } from '../titok/functions';
import { titokTokenizer, type TitokTokenizer } from '../titok/tokenizer';
import { readWeights } from '../titok/weights';
import { progressiveDecoder } from '../tokenizer/image-tokenizer';
import { parseConfig, presets } from './config';

export type OneDPieceTokenizer = TitokTokenizer & ProgressiveDecoder<ImageSignal>;

function create(model: Model<TitokConfig>): OneDPieceTokenizer {
  const tokenizer = titokTokenizer(model, 'token');
  return { ...tokenizer, decodeProgressive: progressiveDecoder(tokenizer) };
}

/** One-D-Piece (arXiv 2501.10064): 256 tokens a picture, any prefix of which decodes. */
export const oneDPiece = defineSystem({
  id: 'image/one-d-piece',
  library,
  presets,
  parseConfig: (json) => parseConfig(json),
  weights: readWeights,
  functions,
  create,
});
