import { ConfigError, type Json, parseWith } from '@tesserae/core';
import * as v from 'valibot';
import { hopLength, type SeanetConfig } from '../seanet/config';
import { paddingOf, portedSeanet } from '../seanet/port-config';

/** Sizes of the transformers behind the encoder and in front of the decoder. */
export interface MimiTransformerConfig {
  readonly width: number;
  readonly heads: number;
  readonly layers: number;
  /** Hidden width of the feed-forward halves. */
  readonly feedForward: number;
  /** Steps that attention sees, the own one among them; at least 2. */
  readonly context: number;
  /** Longest wave of the rotary positions. */
  readonly maximumPeriod: number;
  /** Whether what a half adds is scaled channel by channel. */
  readonly layerScale: boolean;
}

/** One Mimi model (arXiv 2410.00037, section 3.3). */
export interface MimiConfig {
  /** Hz. */
  readonly sampleRate: number;
  readonly seanet: SeanetConfig;
  readonly transformer: MimiTransformerConfig;
  /** Steps of encoder and transformers a frame of codes; at least 2. */
  readonly stride: number;
  /** One semantic codebook and all acoustic ones. */
  readonly codebooks: number;
  /** Codebooks that `encode` uses unless it is told otherwise. */
  readonly usedCodebooks: number;
  readonly codebookSize: number;
  /** Width of a code. */
  readonly codebookDim: number;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const positive = v.pipe(v.number(), v.gtValue(0));
const ratios = v.pipe(v.array(count), v.minLength(1));
const padding = v.picklist(['constant', 'replicate', 'reflect']);

/** Arguments of the classes that `moshi.models.loaders.get_mimi` builds; its values are the defaults. */
const official = v.object({
  sample_rate: v.optional(count, 24_000),
  channels: v.optional(v.picklist([1, 2]), 1),
  frame_rate: v.optional(positive, 12.5),
  num_codebooks: v.optional(count),
  seanet: v.optional(
    v.object({
      dimension: v.optional(count, 512),
      causal: v.optional(v.literal(true), true),
      n_filters: v.optional(count, 64),
      n_residual_layers: v.optional(count, 1),
      activation: v.optional(v.literal('ELU'), 'ELU'),
      compress: v.optional(count, 2),
      dilation_base: v.optional(count, 2),
      disable_norm_outer_blocks: v.optional(v.literal(0), 0),
      kernel_size: v.optional(count, 7),
      residual_kernel_size: v.optional(count, 3),
      last_kernel_size: v.optional(count, 3),
      norm: v.optional(v.picklist(['none', 'weight_norm']), 'none'),
      pad_mode: v.optional(padding, 'constant'),
      ratios: v.optional(ratios, [8, 6, 5, 4]),
      true_skip: v.optional(v.boolean(), true),
    }),
    {},
  ),
  quantizer: v.optional(
    v.object({
      dimension: v.optional(count, 256),
      n_q: v.optional(count, 32),
      bins: v.optional(count, 2048),
    }),
    {},
  ),
  transformer: v.optional(
    v.object({
      d_model: v.optional(count, 512),
      num_heads: v.optional(count, 8),
      num_layers: v.optional(count, 8),
      causal: v.optional(v.literal(true), true),
      layer_scale: v.optional(v.nullable(v.number()), 0.01),
      context: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2)), 250),
      max_period: v.optional(positive, 10_000),
      gating: v.optional(v.literal('none'), 'none'),
      norm: v.optional(v.literal('layer_norm'), 'layer_norm'),
      positional_embedding: v.optional(v.literal('rope'), 'rope'),
      dim_feedforward: v.optional(count, 2048),
    }),
    {},
  ),
});

/** `config.json` of the transformers port. */
const ported = v.object({
  sampling_rate: count,
  audio_channels: v.optional(v.picklist([1, 2]), 1),
  frame_rate: v.optional(positive, 12.5),
  hidden_size: v.optional(count, 512),
  num_filters: v.optional(count, 64),
  num_residual_layers: v.optional(count, 1),
  upsampling_ratios: v.optional(ratios, [8, 6, 5, 4]),
  kernel_size: v.optional(count, 7),
  last_kernel_size: v.optional(count, 3),
  residual_kernel_size: v.optional(count, 3),
  dilation_growth_rate: v.optional(count, 2),
  use_causal_conv: v.optional(v.literal(true), true),
  use_conv_shortcut: v.optional(v.boolean(), false),
  pad_mode: v.optional(padding, 'constant'),
  compress: v.optional(count, 2),
  codebook_size: v.optional(count, 2048),
  codebook_dim: v.optional(v.nullable(count)),
  vector_quantization_hidden_dimension: v.optional(count, 256),
  num_quantizers: v.optional(count, 32),
  num_semantic_quantizers: v.optional(v.literal(1), 1),
  num_hidden_layers: v.optional(count, 8),
  intermediate_size: v.optional(count, 2048),
  num_attention_heads: v.optional(count, 8),
  hidden_act: v.optional(v.literal('gelu'), 'gelu'),
  norm_eps: v.optional(v.literal(1e-5), 1e-5),
  rope_theta: v.optional(positive, 10_000),
  sliding_window: v.optional(v.pipe(v.number(), v.integer(), v.minValue(2)), 250),
  attention_bias: v.optional(v.literal(false), false),
});

const where = 'mimi config';
/** As `get_mimi` sets it: 1.1 kbit/s. */
const usualCodebooks = 8;

/**
 * Arguments of the official classes by class (`seanet`, `quantizer`, `transformer`), or `config.json` of the
 * transformers port; what is absent is as published.
 *
 * @throws {ConfigError} A field is of a kind that no published model has, or contradicts another one.
 */
export function parseConfig(json: Json): MimiConfig {
  const isPort = typeof json === 'object' && json !== null && !Array.isArray(json) && 'sampling_rate' in json;
  const config = isPort ? fromPort(json) : fromOfficial(json);
  const { width, heads } = config.transformer;
  if (width % (2 * heads) !== 0) {
    throw new ConfigError(`${where}: heads`, `a number that divides ${width} into even widths`, String(heads));
  }
  if (!Number.isInteger(config.stride) || config.stride < 2) {
    throw new ConfigError(
      `${where}: frame_rate`,
      `a whole number of steps of ${hopLength(config.seanet)} samples a frame, at least 2`,
      String(config.stride),
    );
  }
  if (config.usedCodebooks > config.codebooks) {
    throw new ConfigError(`${where}: num_codebooks`, `1..${config.codebooks}`, String(config.usedCodebooks));
  }
  return config;
}

function fromOfficial(json: Json): MimiConfig {
  const { seanet: net, quantizer, transformer, ...args } = parseWith(official, json, where);
  const seanet: SeanetConfig = {
    ...fixed,
    channels: args.channels,
    dimension: net.dimension,
    filters: net.n_filters,
    residualLayers: net.n_residual_layers,
    ratios: net.ratios,
    kernelSize: net.kernel_size,
    lastKernelSize: net.last_kernel_size,
    residualKernelSize: net.residual_kernel_size,
    dilationBase: net.dilation_base,
    padding: paddingOf(net.pad_mode),
    trueSkip: net.true_skip,
    compress: net.compress,
    norm: net.norm,
  };
  return {
    sampleRate: args.sample_rate,
    seanet,
    transformer: {
      width: transformer.d_model,
      heads: transformer.num_heads,
      layers: transformer.num_layers,
      feedForward: transformer.dim_feedforward,
      context: transformer.context,
      maximumPeriod: transformer.max_period,
      layerScale: transformer.layer_scale !== null,
    },
    stride: args.sample_rate / hopLength(seanet) / args.frame_rate,
    codebooks: quantizer.n_q,
    usedCodebooks: args.num_codebooks ?? Math.min(usualCodebooks, quantizer.n_q),
    codebookSize: quantizer.bins,
    codebookDim: quantizer.dimension,
  };
}

function fromPort(json: Json): MimiConfig {
  const args = parseWith(ported, json, where);
  const seanet: SeanetConfig = {
    ...fixed,
    ...portedSeanet(args),
    channels: args.audio_channels,
    norm: 'none',
  };
  return {
    sampleRate: args.sampling_rate,
    seanet,
    transformer: {
      width: args.hidden_size,
      heads: args.num_attention_heads,
      layers: args.num_hidden_layers,
      feedForward: args.intermediate_size,
      context: args.sliding_window,
      maximumPeriod: args.rope_theta,
      layerScale: true,
    },
    stride: args.sampling_rate / hopLength(seanet) / args.frame_rate,
    codebooks: args.num_quantizers,
    usedCodebooks: Math.min(usualCodebooks, args.num_quantizers),
    codebookSize: args.codebook_size,
    codebookDim: args.codebook_dim ?? args.vector_quantization_hidden_dimension,
  };
}

/** What every Mimi has of a SEANet. */
const fixed = { causal: true, lstmLayers: 0, trimRightRatio: 1 } as const;

/** Samples a frame of codes: 1920. */
export function frameLength({ seanet, stride }: MimiConfig): number {
  return hopLength(seanet) * stride;
}
