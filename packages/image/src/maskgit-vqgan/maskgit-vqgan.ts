import * as tf from '@tensorflow/tfjs-core';
import {
  defineSystem,
  feedForwardTokenizer,
  modelFunction,
  type ImageSignal,
  type Model,
  type ModelFunction,
} from '@tesserae/core';
import { decodeVectors, encodeVectors } from '@tesserae/core/nn';
import type { ImageSource } from '../io/read-image';
import { library } from '../library';
import { imageFromFloats, prepareImage } from '../pipelines/pipelines';
import type { ImageTokenizer } from '../tokenizer/image-tokenizer';
import { gridLevel, gridOf } from '../tokenizer/levels';
import { downsampling, parseConfig, presets, type MaskgitVqganConfig } from './config';
import { decodePixels } from './decoder';
import { encodePixels } from './encoder';
import { readWeights, type MaskgitVqganParams } from './weights';

/** Plain Euclidean search, raw codes (image-1d 0.4). */
const quantizer = { useL2Norm: false };

function functions(): Readonly<Record<string, ModelFunction<MaskgitVqganParams>>> {
  return {
    encode: modelFunction(
      ({ encoder, codebook }: MaskgitVqganParams) => ({ encoder, codebook }),
      (p, { image }: { readonly image: tf.Tensor4D }) => ({
        ...encodeVectors(encodePixels(image, p.encoder), p.codebook, quantizer),
      }),
    ),
    decode: modelFunction(
      ({ decoder, codebook }: MaskgitVqganParams) => ({ decoder, codebook }),
      (p, { ids }: { readonly ids: tf.Tensor3D }) => ({
        image: tf.clipByValue(decodePixels(decodeVectors(ids, p.codebook, quantizer) as tf.Tensor4D, p.decoder), 0, 1),
      }),
    ),
  };
}

function create(model: Model<MaskgitVqganConfig>): ImageTokenizer {
  const { codebookSize } = model.config;
  const factor = downsampling(model.config);
  return feedForwardTokenizer<MaskgitVqganConfig, ImageSource, ImageSignal>(model, {
    info: {
      modality: 'image',
      kind: 'index',
      bitsPerToken: Math.log2(codebookSize),
      prefixUnit: 'none',
      deterministic: true,
      levels: [{ vocabularySize: codebookSize, shape: ['variable', 'variable'], axes: ['height', 'width'] }],
      signal: { multiple: factor },
    },
    prepare: (input, options) =>
      prepareImage(input, options.pipeline ?? model.pipeline, { ...options, multiple: factor }),
    collect: ({ ids, margins }) => [gridLevel(codebookSize, ids!, margins)],
    restore: (tokens) => ({ ids: gridOf(tokens) }),
    finish: ({ image }, _tokens, { rounding }) => imageFromFloats(image!, rounding ?? 'truncate'),
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
