import {
  feedForwardTokenizer,
  type HostTensor,
  type ImageSignal,
  type Model,
  type Rounding,
  type Tokens,
} from '@tesserae/core';
import type { ImageSource } from '../io/read-image';
import { imageFromFloats, prepareImage } from '../pipelines/pipelines';
import type { ImageTokenizer } from './image-tokenizer';
import { gridLevel, gridOf } from './levels';

export interface GridRooms {
  readonly vocabularySize: number;
  /** Pixels per token side. */
  readonly multiple: number;
  /** How floats become bytes unless the caller says. */
  readonly rounding: Rounding;
  /** Brings the decoded picture back to the original's shape. Default: as decoded. */
  readonly finish?: (picture: ImageSignal, tokens: Tokens) => ImageSignal;
}

/**
 * A convolutional tokenizer: one id per square of pixels, pictures of any size that is a multiple of it.
 *
 * @param model - Functions `encode` `{ image }` → `{ ids, margins? }` and `decode` `{ ids }` → `{ image }` in 0..1.
 */
export function gridTokenizer<Config>(model: Model<Config>, rooms: GridRooms): ImageTokenizer {
  const { vocabularySize, multiple, rounding, finish = (picture) => picture } = rooms;
  return feedForwardTokenizer<Config, ImageSource, ImageSignal>(model, {
    info: {
      modality: 'image',
      kind: 'index',
      bitsPerToken: Math.log2(vocabularySize),
      prefixUnit: 'none',
      deterministic: true,
      levels: [{ vocabularySize, shape: ['variable', 'variable'], axes: ['height', 'width'] }],
      signal: { multiple },
    },
    prepare: (input, options) => prepareImage(input, options.pipeline ?? model.pipeline, { ...options, multiple }),
    collect: ({ ids, margins }) => [gridLevel(vocabularySize, ids!, margins)],
    restore: (tokens): Readonly<Record<string, HostTensor>> => ({ ids: gridOf(tokens) }),
    finish: ({ image }, tokens, options) => finish(imageFromFloats(image!, options.rounding ?? rounding), tokens),
  });
}
