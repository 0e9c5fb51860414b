import { ConfigError, type Json, parseWith } from '@tesserae/core';
import * as v from 'valibot';
import { melBins } from './filter-bank';

/** `activation_fn` of the feed-forward halves; `glu`: one half of the hidden channels times swish of the other. */
export type BeatsActivation = 'relu' | 'gelu' | 'gelu-tanh' | 'tanh' | 'linear' | 'glu';

/** Attention scores that depend on how far key and query are apart. */
export interface RelativePositionConfig {
  /** Rows of the table, half of them for keys behind the query. */
  readonly buckets: number;
  /** Distance from which on all share the last bucket. */
  readonly maximumDistance: number;
  /** Whether every query scales them (gated relative position bias). */
  readonly gated: boolean;
}

/** One self-distilled tokenizer (arXiv 2212.09058, section 3.2). */
export interface BeatsConfig {
  /** Frames and bands of a patch. */
  readonly patchSize: number;
  /** Channels of a patch. */
  readonly patchWidth: number;
  /** Whether the patch embedding has a bias. */
  readonly patchBias: boolean;
  /** Channels of the transformer. */
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Hidden channels of the feed-forward halves. */
  readonly feedForward: number;
  readonly activation: BeatsActivation;
  /** Whether layers normalize what they read instead of what they give. */
  readonly layerNormFirst: boolean;
  /** Whether what a half is added to is scaled by `(2 * layers)^(1/4)`. */
  readonly deepNorm: boolean;
  /** Taps and groups of the convolution that adds positions. */
  readonly positionKernel: number;
  readonly positionGroups: number;
  /** Null: attention knows no positions. */
  readonly relativePositions: RelativePositionConfig | null;
  readonly codebookSize: number;
  readonly codebookDim: number;
}

const largestSize = 2 ** 20;
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(largestSize));
const activations: Readonly<Record<string, BeatsActivation>> = {
  relu: 'relu',
  gelu: 'gelu',
  gelu_fast: 'gelu-tanh',
  gelu_accurate: 'gelu-tanh',
  tanh: 'tanh',
  linear: 'linear',
  glu: 'glu',
};

/** `TokenizersConfig`, which is `cfg` of an official file, with its defaults. What belongs to training is left out. */
const official = v.object({
  input_patch_size: v.pipe(count, v.maxValue(melBins)),
  embed_dim: v.optional(count, 512),
  conv_bias: v.optional(v.boolean(), false),
  encoder_layers: v.optional(v.pipe(count, v.maxValue(1024)), 12),
  encoder_embed_dim: v.optional(count, 768),
  encoder_ffn_embed_dim: v.optional(count, 3072),
  encoder_attention_heads: v.optional(count, 12),
  activation_fn: v.optional(v.picklist(Object.keys(activations)), 'gelu'),
  layer_norm_first: v.optional(v.boolean(), false),
  deep_norm: v.optional(v.boolean(), false),
  conv_pos: v.optional(count, 128),
  conv_pos_groups: v.optional(count, 16),
  relative_position_embedding: v.optional(v.boolean(), false),
  num_buckets: v.optional(count, 320),
  max_distance: v.optional(count, 1280),
  gru_rel_pos: v.optional(v.boolean(), false),
  quant_n: v.optional(count, 1024),
  quant_dim: v.optional(count, 256),
});

const where = 'beats config';

/**
 * The official `cfg`; only `input_patch_size` has no default.
 *
 * @throws {ConfigError} A field is of a wrong kind or contradicts another one.
 */
export function parseConfig(json: Json): BeatsConfig {
  const args = parseWith(official, json, where);
  const config: BeatsConfig = {
    patchSize: args.input_patch_size,
    patchWidth: args.embed_dim,
    patchBias: args.conv_bias,
    width: args.encoder_embed_dim,
    layers: args.encoder_layers,
    heads: args.encoder_attention_heads,
    feedForward: args.encoder_ffn_embed_dim,
    activation: activations[args.activation_fn]!,
    layerNormFirst: args.layer_norm_first,
    deepNorm: args.deep_norm,
    positionKernel: args.conv_pos,
    positionGroups: args.conv_pos_groups,
    relativePositions: args.relative_position_embedding
      ? { buckets: args.num_buckets, maximumDistance: args.max_distance, gated: args.gru_rel_pos }
      : null,
    codebookSize: args.quant_n,
    codebookDim: args.quant_dim,
  };
  checkWidths(config);
  if (config.relativePositions) checkDistances(config.relativePositions);
  return config;
}

function checkWidths({ width, heads, positionGroups, layerNormFirst, deepNorm }: BeatsConfig): void {
  const parts = { encoder_attention_heads: heads, conv_pos_groups: positionGroups };
  for (const [name, number] of Object.entries(parts)) {
    if (width % number !== 0) throw new ConfigError(`${where}: ${name}`, `a divisor of ${width}`, String(number));
  }
  if (layerNormFirst && deepNorm) {
    throw new ConfigError(`${where}: deep_norm`, 'false, since layer_norm_first is true', 'true');
  }
}

function checkDistances({ buckets, maximumDistance }: RelativePositionConfig): void {
  if (buckets < 4) throw new ConfigError(`${where}: num_buckets`, 'at least 4', String(buckets));
  const exact = exactBuckets(buckets);
  if (maximumDistance <= exact) {
    throw new ConfigError(`${where}: max_distance`, `more than ${exact}`, String(maximumDistance));
  }
}

/** Distances of one direction that have a bucket of their own: a quarter of all. */
export function exactBuckets(buckets: number): number {
  return Math.floor(Math.floor(buckets / 2) / 2);
}
