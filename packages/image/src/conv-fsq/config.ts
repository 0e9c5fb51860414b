import { parseWith, type Json, type Preset } from '@tesserae/core';
import * as v from 'valibot';

/** Sizes of the network. */
export interface ConvFsqConfig {
  /** Side of the squares whose pixels become channels at the input and the output. */
  readonly patchSize: number;
  /** Channels at `patchSize`. */
  readonly outerChannels: number;
  /** Residual blocks at `patchSize`, in the encoder and in the decoder. */
  readonly outerBlocks: number;
  /** Channels at twice `patchSize`. */
  readonly innerChannels: number;
  readonly innerBlocks: number;
  /** Quantizer levels of each latent channel. */
  readonly levels: readonly number[];
}

const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const schema = v.object({
  patch_size: v.optional(positive, 4),
  outer_channels: v.optional(positive, 64),
  outer_blocks: v.optional(positive, 1),
  inner_channels: v.optional(positive, 128),
  inner_blocks: v.optional(positive, 2),
  levels: v.optional(v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(2))), v.minLength(1)), [8, 5, 5, 5]),
});

/** Reads a configuration; absent fields have the starter's values. @throws {ConfigError} */
export function parseConfig(json: Json): ConvFsqConfig {
  const config = parseWith(schema, json, 'conv-fsq config.json');
  return {
    patchSize: config.patch_size,
    outerChannels: config.outer_channels,
    outerBlocks: config.outer_blocks,
    innerChannels: config.inner_channels,
    innerBlocks: config.inner_blocks,
    levels: config.levels,
  };
}

/** Pixels per token side. */
export function downsampling({ patchSize }: ConvFsqConfig): number {
  return patchSize * 2;
}

export const presets: Readonly<Record<string, Preset<ConvFsqConfig>>> = {
  'image-starter': {
    config: parseConfig({}),
    source: { bundled: true, file: 'image-starter.safetensors' },
    license: { name: 'CC-BY-SA-4.0', use: 'any', url: 'https://creativecommons.org/licenses/by-sa/4.0/' },
    pipeline: 'native-8',
    paper: '2309.15505',
    parameters: 1_454_964,
  },
};
