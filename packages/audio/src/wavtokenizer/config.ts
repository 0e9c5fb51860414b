import { ConfigError, type Json, parseWith } from '@tesserae/core';
import * as v from 'valibot';
import { hopLength, seanetDefaults, type SeanetConfig } from '../seanet/config';
import { portedSeanet } from '../seanet/port-config';

/** Sizes of the Vocos backbone (arXiv 2306.00814) with WavTokenizer's attention in front. */
export interface BackboneConfig {
  readonly inputs: number;
  /** A multiple of 32. */
  readonly width: number;
  readonly hiddenWidth: number;
  readonly layers: number;
  /** Conditions of the adaptive norms; 0 = plain layer norms. */
  readonly conditions: number;
}

/** Spectrum to waveform. */
export interface HeadConfig {
  readonly inputs: number;
  /** Samples of a transform and of its window, a multiple of the hop. */
  readonly fftLength: number;
  readonly hopLength: number;
  /** `same`: as many hops as frames (published); `center`: one less, as `torch.istft`. */
  readonly padding: 'same' | 'center';
}

export interface WavtokenizerConfig {
  /** Hz. */
  readonly sampleRate: number;
  readonly encoder: SeanetConfig;
  readonly codebookSize: number;
  readonly backbone: BackboneConfig;
  readonly head: HeadConfig;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const ratios = v.pipe(v.array(count), v.minLength(1));

const featureArguments = v.object({
  num_quantizers: v.optional(v.literal(1), 1),
  /** Sic. */
  dowmsamples: v.optional(ratios, [6, 5, 5, 4]),
  vq_bins: v.optional(count, 16_384),
  // Fixed in the official class; smaller models give them here.
  n_filters: v.optional(count, 32),
  /** Default: what the backbone takes. */
  dimension: v.optional(count),
});
const backboneArguments = v.object({
  input_channels: count,
  dim: count,
  intermediate_dim: count,
  num_layers: count,
  adanorm_num_embeddings: v.optional(v.nullable(count), null),
});
const headArguments = v.object({
  dim: count,
  n_fft: count,
  hop_length: count,
  padding: v.optional(v.picklist(['same', 'center']), 'same'),
});
const parts = v.object({
  sample_rate: v.optional(count, 24_000),
  feature_extractor: featureArguments,
  backbone: backboneArguments,
  head: headArguments,
});

/** `config.json` of the transformers port. */
const ported = v.object({
  model_type: v.literal('wavtokenizer'),
  sampling_rate: v.optional(count, 24_000),
  num_filters: v.optional(count, 32),
  upsampling_ratios: v.optional(ratios, [6, 5, 5, 4]),
  num_residual_layers: v.optional(count, 1),
  dilation_growth_rate: v.optional(count, 2),
  compress: v.optional(count, 2),
  use_conv_shortcut: v.optional(v.boolean(), true),
  use_causal_conv: v.optional(v.boolean(), false),
  pad_mode: v.optional(v.picklist(['reflect', 'constant', 'replicate']), 'reflect'),
  norm_type: v.optional(v.picklist(['weight_norm', 'time_group_norm']), 'weight_norm'),
  kernel_size: v.optional(count, 7),
  last_kernel_size: v.optional(count, 7),
  residual_kernel_size: v.optional(count, 3),
  num_lstm_layers: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 2),
  hidden_size: v.optional(count, 512),
  codebook_size: v.optional(count, 4096),
  decoder_hidden_size: v.optional(count, 768),
  decoder_intermediate_size: v.optional(count, 2304),
  decoder_num_layers: v.optional(count, 12),
  adanorm_num_embeddings: v.optional(count, 4),
});

const where = 'wavtokenizer config';

/**
 * The official YAML (`model.init_args`, classes with their `init_args`), its `init_args` alone, or `config.json` of the
 * transformers port.
 *
 * @throws {ConfigError} A field is missing, unknown in kind or contradicts another one.
 */
export function parseConfig(json: Json): WavtokenizerConfig {
  const config = isRecord(json) && 'model_type' in json ? fromPort(json) : fromOfficial(withoutClasses(json));
  const { encoder, backbone, head } = config;
  const same = (field: string, expected: number, actual: number) => {
    if (expected !== actual) throw new ConfigError(`${where}: ${field}`, `${expected}`, `${actual}`);
  };
  same('head.hop_length (product of dowmsamples)', hopLength(encoder), head.hopLength);
  same('backbone.input_channels (dimension of the codes)', encoder.dimension, backbone.inputs);
  same('head.dim (that of the backbone)', backbone.width, head.inputs);
  checkBackbone(backbone);
  checkHead(head);
  return config;
}

/** Arguments of `VocosBackbone`. @throws {ConfigError} */
export function parseBackbone(json: Json): BackboneConfig {
  const backbone = backboneOf(parseWith(backboneArguments, json, `${where}: backbone`));
  checkBackbone(backbone);
  return backbone;
}

/** Arguments of `ISTFTHead`. @throws {ConfigError} */
export function parseHead(json: Json): HeadConfig {
  const head = headOf(parseWith(headArguments, json, `${where}: head`));
  checkHead(head);
  return head;
}

function checkBackbone({ width }: BackboneConfig): void {
  if (width % 32 !== 0) throw new ConfigError(`${where}: backbone.dim`, 'a multiple of 32', `${width}`);
}

function checkHead({ fftLength, hopLength: hop }: HeadConfig): void {
  if (fftLength % 2 === 0 && fftLength % hop === 0) return;
  throw new ConfigError(`${where}: head.n_fft`, `an even multiple of hop_length ${hop}`, `${fftLength}`);
}

function fromOfficial(json: Json): WavtokenizerConfig {
  const { sample_rate, feature_extractor: features, backbone, head } = parseWith(parts, json, where);
  return {
    sampleRate: sample_rate,
    encoder: {
      ...seanetDefaults,
      dimension: features.dimension ?? backbone.input_channels,
      filters: features.n_filters,
      ratios: features.dowmsamples,
    },
    codebookSize: features.vq_bins,
    backbone: backboneOf(backbone),
    head: headOf(head),
  };
}

function backboneOf(args: v.InferOutput<typeof backboneArguments>): BackboneConfig {
  return {
    inputs: args.input_channels,
    width: args.dim,
    hiddenWidth: args.intermediate_dim,
    layers: args.num_layers,
    conditions: args.adanorm_num_embeddings ?? 0,
  };
}

function headOf(args: v.InferOutput<typeof headArguments>): HeadConfig {
  return { inputs: args.dim, fftLength: args.n_fft, hopLength: args.hop_length, padding: args.padding };
}

function fromPort(json: Json): WavtokenizerConfig {
  const args = parseWith(ported, json, where);
  const encoder: SeanetConfig = {
    ...seanetDefaults,
    ...portedSeanet(args),
    causal: args.use_causal_conv,
    lstmLayers: args.num_lstm_layers,
    norm: args.norm_type,
  };
  const hop = hopLength(encoder);
  return {
    sampleRate: args.sampling_rate,
    encoder,
    codebookSize: args.codebook_size,
    backbone: {
      inputs: args.hidden_size,
      width: args.decoder_hidden_size,
      hiddenWidth: args.decoder_intermediate_size,
      layers: args.decoder_num_layers,
      conditions: args.adanorm_num_embeddings,
    },
    head: { inputs: args.decoder_hidden_size, fftLength: 4 * hop, hopLength: hop, padding: 'same' },
  };
}

/** `{ class_path, init_args: {…} }` become their arguments, at any depth; `model` at the top is walked into. */
function withoutClasses(json: Json): Json {
  if (!isRecord(json)) return json;
  if ('model' in json) return withoutClasses(json['model']!);
  if ('init_args' in json) return withoutClasses(json['init_args']!);
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, withoutClasses(value)]));
}

function isRecord(json: Json): json is { readonly [key: string]: Json } {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}
