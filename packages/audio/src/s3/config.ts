import { ConfigError, type Json, parseWith } from '@tesserae/core';
import * as v from 'valibot';

/** Sizes of an S3 tokenizer, and which of the published designs it has. */
export interface S3Config {
  /**
   * 1: stored sinusoidal positions and a codebook; 2: rotary positions, FSMN memory and finite scalars; 3: as 2, with a
   * bias on keys and other epsilons.
   */
  readonly version: 1 | 2 | 3;
  /** Of the first convolution: 1 (50 tokens a second) or 2 (25). The second one always halves. */
  readonly stride: 1 | 2;
  /** Mel bins. */
  readonly mels: number;
  /** Rows of the stored positions of version 1: tokens of a run at most. The others compute theirs. */
  readonly positions: number;
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  /** Codes; 3^8 for versions 2 and 3. */
  readonly codebookSize: number;
}

/** Official names, with and without the rate. */
const designs: Readonly<Record<string, Pick<S3Config, 'version' | 'stride'>>> = {
  speech_tokenizer_v1: { version: 1, stride: 1 },
  speech_tokenizer_v1_25hz: { version: 1, stride: 2 },
  speech_tokenizer_v2: { version: 2, stride: 2 },
  speech_tokenizer_v2_25hz: { version: 2, stride: 2 },
  speech_tokenizer_v3: { version: 3, stride: 2 },
  speech_tokenizer_v3_25hz: { version: 3, stride: 2 },
};

const scalarCodes = 3 ** 8;
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 24));

/** `ModelConfig`. `use_sdpa` chooses between two ways to compute the same. */
const sizes = v.object({
  n_mels: v.optional(count, 128),
  n_audio_ctx: v.optional(count, 1500),
  n_audio_state: v.optional(count, 1280),
  n_audio_head: v.optional(count, 20),
  n_audio_layer: v.optional(count),
  n_codebook_size: v.optional(count),
});

const schema = v.object({ name: v.picklist(Object.keys(designs)), config: v.optional(sizes, {}) });

const where = 's3 config';
/** The rotary table of the official code is made for heads of this width. */
const rotaryWidth = 64;

/**
 * Arguments of the official classes: `name` (`speech_tokenizer_v1`, `…_v1_25hz`, `…_v2_25hz`, `…_v3_25hz`) and `config`,
 * the fields of `ModelConfig`; what is absent is as published.
 *
 * @throws {ConfigError} A field is missing, of a kind that no published model has, or contradicts another one.
 */
export function parseConfig(json: Json): S3Config {
  const { name, config } = parseWith(schema, json, where);
  const { version, stride } = designs[name]!;
  const { n_audio_state: width, n_audio_head: heads, n_mels: mels, n_audio_ctx: positions } = config;
  const codebookSize = config.n_codebook_size ?? (version === 1 ? 4096 : scalarCodes);
  const refuse = (field: string, expected: string, actual: number) => {
    throw new ConfigError(`${where}: config.${field}`, expected, String(actual));
  };
  if (width % heads !== 0) refuse('n_audio_head', `a number that divides ${width} (n_audio_state)`, heads);
  if (version > 1 && width / heads !== rotaryWidth) {
    refuse('n_audio_head', `heads of ${rotaryWidth}: n_audio_state / ${rotaryWidth} = ${width / rotaryWidth}`, heads);
  }
  if (version > 1 && codebookSize !== scalarCodes) {
    refuse('n_codebook_size', `${scalarCodes}: eight digits of three levels`, codebookSize);
  }
  const layers = config.n_audio_layer ?? (version === 3 ? 12 : 6);
  return { version, stride, mels, positions, width, heads, layers, codebookSize };
}

/** Spectrum frames a token. */
export function framesPerToken({ stride }: Pick<S3Config, 'stride'>): number {
  return 2 * stride;
}

/** Tokens of so many spectrum frames: both convolutions round up. */
export function tokenCount(frames: number, config: Pick<S3Config, 'stride'>): number {
  return Math.ceil(frames / framesPerToken(config));
}
