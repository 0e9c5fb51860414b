import { parseWith, type Json, type Preset } from '@tesserae/core';
import * as v from 'valibot';

/** Sizes of the network; the published one is the preset's. */
export interface MaskgitVqganConfig {
  readonly resolution: number;
  readonly channels: number;
  readonly hiddenChannels: number;
  readonly channelMultipliers: readonly number[];
  readonly residualBlocks: number;
  readonly latentChannels: number;
  readonly codebookSize: number;
}

const positive = v.pipe(v.number(), v.integer(), v.minValue(1));
const schema = v.object({
  resolution: v.optional(positive, 256),
  num_channels: v.optional(positive, 3),
  hidden_channels: v.optional(positive, 128),
  channel_mult: v.optional(v.pipe(v.array(positive), v.minLength(1)), [1, 1, 2, 2, 4]),
  num_res_blocks: v.optional(positive, 2),
  z_channels: v.optional(positive, 256),
  num_embeddings: v.optional(positive, 1024),
  quantized_embed_dim: v.optional(positive),
});

/** Reads `config.json` of the open-muse port; absent fields have the published values. @throws {ConfigError} */
export function parseConfig(json: Json): MaskgitVqganConfig {
  const config = parseWith(schema, json, 'maskgit-vqgan config.json');
  return {
    resolution: config.resolution,
    channels: config.num_channels,
    hiddenChannels: config.hidden_channels,
    channelMultipliers: config.channel_mult,
    residualBlocks: config.num_res_blocks,
    latentChannels: config.quantized_embed_dim ?? config.z_channels,
    codebookSize: config.num_embeddings,
  };
}

/** Pixels per token side. */
export function downsampling({ channelMultipliers }: MaskgitVqganConfig): number {
  return 2 ** (channelMultipliers.length - 1);
}

export const presets: Readonly<Record<string, Preset<MaskgitVqganConfig>>> = {
  'maskgit-vqgan-f16': {
    config: parseConfig({}),
    source: { repository: 'fun-research/TiTok', file: 'maskgit-vqgan-imagenet-f16-256.bin' },
    license: { name: 'Apache-2.0', use: 'any', url: 'https://huggingface.co/fun-research/TiTok' },
    pipeline: 'pil-bicubic-256',
    paper: '2202.04200',
    parameters: 54_515_587,
  },
};
