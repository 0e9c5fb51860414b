import * as tf from '@tensorflow/tfjs-core';
import { defineSystem, modelFunction, type Model, type ModelFunction } from '@tesserae/core';
import { decodeFsq, encodeFsq, fsqVocabularySize, type FsqConfig } from '@tesserae/core/nn';
import { library, starterFile } from '../library';
import { undoFit } from '../pipelines/undo-fit';
import { gridTokenizer } from '../tokenizer/grid-tokenizer';
import type { ImageTokenizer } from '../tokenizer/image-tokenizer';
import { fromOpponent } from './color';
import { downsampling, parseConfig, presets, type ConvFsqConfig } from './config';
import { decodePixels } from './decoder';
import { encodePixels } from './encoder';
import { readWeights, type ConvFsqParams } from './weights';

/** The quantizer of a configuration: bins of equal width. */
export function quantizerOf({ levels }: ConvFsqConfig): FsqConfig {
  return { levels, bound: 'sigmoid' };
}

function functions(config: ConvFsqConfig): Readonly<Record<string, ModelFunction<ConvFsqParams>>> {
  const quantizer = quantizerOf(config);
  return {
    encode: modelFunction(
      ({ encoder }: ConvFsqParams) => encoder,
      (encoder, { image }: { readonly image: tf.Tensor4D }) => ({
        ids: encodeFsq(encodePixels(image, encoder, config), quantizer).ids,
      }),
    ),
    decode: modelFunction(
      ({ decoder }: ConvFsqParams) => decoder,
      (decoder, { ids }: { readonly ids: tf.Tensor3D }) => {
        const codes = decodeFsq(ids, quantizer) as tf.Tensor4D;
        return { image: tf.clipByValue(fromOpponent(decodePixels(codes, decoder, config)), 0, 1) };
      },
    ),
  };
}

function create(model: Model<ConvFsqConfig>): ImageTokenizer {
  const { config } = model;
  return gridTokenizer(model, {
    vocabularySize: fsqVocabularySize(quantizerOf(config)),
    multiple: downsampling(config),
    rounding: 'round',
    finish(picture, { source }) {
      // Tokens made by hand say nothing of a padding.
      const { extra } = source;
      return typeof extra === 'object' && extra !== null && 'pad' in extra ? undoFit(picture, source) : picture;
    },
  });
}

/**
 * A small convolutional tokenizer with finite scalar quantization: one token of 10 bits per 8 x 8 pixels, pictures of any
 * size. Trained by this project; see `starter/card.md`.
 */
export const convFsq = defineSystem({
  id: 'image/conv-fsq',
  library,
  presets,
  parseConfig,
  weights: readWeights,
  functions,
  create,
  bundledFile: starterFile,
});
