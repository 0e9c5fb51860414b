import * as tf from '@tensorflow/tfjs-core';
import { defineSystem, modelFunction, type Model, type ModelFunction } from '@tesserae/core';
import { decodeVectors, encodeVectors } from '@tesserae/core/nn';
import { library } from '../library';
import { gridTokenizer } from '../tokenizer/grid-tokenizer';
import type { ImageTokenizer } from '../tokenizer/image-tokenizer';
import { downsampling, parseConfig, presets, type MaskgitVqganConfig } from './config';
import { decodePixels } from './decoder';
import { encodePixels } from './encoder';
import { readWeights, type MaskgitVqganParams } from './weights';

function functions(): Readonly<Record<string, ModelFunction<MaskgitVqganParams>>> {
  return {
    encode: modelFunction(
      ({ encoder, codebook }: MaskgitVqganParams) => ({ encoder, codebook }),
      (p, { image }: { readonly image: tf.Tensor4D }) => ({
        ...encodeVectors(encodePixels(image, p.encoder), p.codebook),
      }),
    ),
    decode: modelFunction(
      ({ decoder, codebook }: MaskgitVqganParams) => ({ decoder, codebook }),
      (p, { ids }: { readonly ids: tf.Tensor3D }) => ({
        image: tf.clipByValue(decodePixels(decodeVectors(ids, p.codebook) as tf.Tensor4D, p.decoder), 0, 1),
      }),
    ),
  };
}

function create(model: Model<MaskgitVqganConfig>): ImageTokenizer {
  const { config } = model;
  return gridTokenizer(model, {
    vocabularySize: config.codebookSize,
    multiple: downsampling(config),
    rounding: 'truncate',
  });
}

/** MaskGIT-VQGAN (arXiv 2202.04200, the PyTorch port): one token per 16 x 16 pixels, any multiple of 16. */
export const maskgitVqgan = defineSystem({
  id: 'image/maskgit-vqgan',
  library,
  presets,
  parseConfig,
  weights: readWeights,
  functions,
  create,
});
