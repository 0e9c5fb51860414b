import { ConfigError, type Json, parseWith } from '@tesserae/core';
import { layersForBandwidth } from '@tesserae/core/nn';
import * as v from 'valibot';
import { hopLength, type SeanetConfig } from '../seanet/config';
import { paddingOf, portedSeanet } from '../seanet/port-config';
import { canStream } from '../seanet/reach';

/** One EnCodec model. */
export interface EncodecConfig {
  /** `encodec_24khz`: stands in `.ecdc` files. */
  readonly name: string;
  /** Hz. */
  readonly sampleRate: number;
  /** Sizes of encoder and decoder; `channels` is that of the waveform. */
  readonly seanet: SeanetConfig;
  /** Every segment is divided by its loudness, which is stored beside its codes. */
  readonly normalize: boolean;
  /** Seconds of a segment; null: the whole clip at once. */
  readonly segmentSeconds: number | null;
  /** Share of a segment that the next one repeats. */
  readonly overlap: number;
  /** Published bandwidths, kbit/s, ascending. */
  readonly bandwidths: readonly number[];
  readonly codebooks: number;
  readonly codebookSize: number;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const positive = v.pipe(v.number(), v.minValue(0));
const ratios = v.pipe(v.array(count), v.minLength(1));
const norm = v.picklist(['weight_norm', 'time_group_norm', 'none']);
const padding = v.picklist(['reflect', 'constant', 'replicate']);
const bandwidths = v.pipe(v.array(v.pipe(v.number(), v.gtValue(0))), v.minLength(1));

/** Arguments of `EncodecModel._get_model`, and of the classes that it builds. */
const official = v.object({
  name: v.optional(v.string(), 'unset'),
  sample_rate: v.optional(count, 24_000),
  channels: v.optional(v.picklist([1, 2]), 1),
  causal: v.optional(v.boolean(), true),
  model_norm: v.optional(norm, 'weight_norm'),
  audio_normalize: v.optional(v.boolean(), false),
  segment: v.optional(v.nullable(positive), null),
  overlap: v.optional(v.pipe(positive, v.ltValue(1)), 0.01),
  target_bandwidths: v.optional(bandwidths, [1.5, 3, 6, 12, 24]),
  n_q: v.optional(count),
  bins: v.optional(count, 1024),
  dimension: v.optional(count, 128),
  n_filters: v.optional(count, 32),
  n_residual_layers: v.optional(count, 1),
  ratios: v.optional(ratios, [8, 5, 4, 2]),
  kernel_size: v.optional(count, 7),
  last_kernel_size: v.optional(count, 7),
  residual_kernel_size: v.optional(count, 3),
  dilation_base: v.optional(count, 2),
  pad_mode: v.optional(padding, 'reflect'),
  true_skip: v.optional(v.boolean(), false),
  compress: v.optional(count, 2),
  lstm: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 2),
  trim_right_ratio: v.optional(v.pipe(positive, v.maxValue(1)), 1),
});

/** `config.json` of the transformers port. */
const ported = v.object({
  model_type: v.literal('encodec'),
  sampling_rate: count,
  audio_channels: v.optional(v.picklist([1, 2]), 1),
  use_causal_conv: v.optional(v.boolean(), true),
  norm_type: v.optional(norm, 'weight_norm'),
  normalize: v.optional(v.boolean(), false),
  chunk_length_s: v.optional(v.nullable(positive), null),
  overlap: v.optional(v.nullable(v.pipe(positive, v.ltValue(1))), null),
  target_bandwidths: v.optional(bandwidths, [1.5, 3, 6, 12, 24]),
  codebook_size: v.optional(count, 1024),
  hidden_size: v.optional(count, 128),
  num_filters: v.optional(count, 32),
  num_residual_layers: v.optional(count, 1),
  upsampling_ratios: v.optional(ratios, [8, 5, 4, 2]),
  kernel_size: v.optional(count, 7),
  last_kernel_size: v.optional(count, 7),
  residual_kernel_size: v.optional(count, 3),
  dilation_growth_rate: v.optional(count, 2),
  pad_mode: v.optional(padding, 'reflect'),
  use_conv_shortcut: v.optional(v.boolean(), true),
  compress: v.optional(count, 2),
  num_lstm_layers: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 2),
  trim_right_ratio: v.optional(v.pipe(positive, v.maxValue(1)), 1),
});

const where = 'encodec config';

/**
 * Arguments of the official constructor, or `config.json` of the transformers port.
 *
 * @throws {ConfigError} A field is missing, unknown in kind or contradicts another one.
 */
export function parseConfig(json: Json): EncodecConfig {
  const isPort = typeof json === 'object' && json !== null && !Array.isArray(json) && 'sampling_rate' in json;
  const config = isPort ? fromPort(json) : fromOfficial(json);
  const { seanet, codebooks } = config;
  if (seanet.causal && seanet.norm === 'time_group_norm') {
    throw new ConfigError(`${where}: causal`, 'false with time_group_norm, which looks at the whole clip', 'true');
  }
  if (codebooks < 1) throw new ConfigError(`${where}: target_bandwidths`, 'room for one codebook', `${codebooks}`);
  return config;
}

function fromOfficial(json: Json): EncodecConfig {
  const args = parseWith(official, json, where);
  const seanet: SeanetConfig = {
    channels: args.channels,
    dimension: args.dimension,
    filters: args.n_filters,
    residualLayers: args.n_residual_layers,
    ratios: args.ratios,
    kernelSize: args.kernel_size,
    lastKernelSize: args.last_kernel_size,
    residualKernelSize: args.residual_kernel_size,
    dilationBase: args.dilation_base,
    causal: args.causal,
    padding: paddingOf(args.pad_mode),
    trueSkip: args.true_skip,
    compress: args.compress,
    lstmLayers: args.lstm,
    norm: args.model_norm,
    trimRightRatio: args.trim_right_ratio,
  };
  return {
    name: args.name,
    sampleRate: args.sample_rate,
    seanet,
    normalize: args.audio_normalize,
    segmentSeconds: args.segment,
    overlap: args.overlap,
    bandwidths: args.target_bandwidths,
    codebooks: args.n_q ?? publishedCodebooks(args.target_bandwidths, args.sample_rate, seanet),
    codebookSize: args.bins,
  };
}

function fromPort(json: Json): EncodecConfig {
  const args = parseWith(ported, json, where);
  const seanet: SeanetConfig = {
    ...portedSeanet(args),
    channels: args.audio_channels,
    causal: args.use_causal_conv,
    lstmLayers: args.num_lstm_layers,
    norm: args.norm_type,
    trimRightRatio: args.trim_right_ratio,
  };
  return {
    name: `encodec_${args.sampling_rate / 1000}khz`,
    sampleRate: args.sampling_rate,
    seanet,
    normalize: args.normalize,
    segmentSeconds: args.chunk_length_s,
    overlap: args.overlap ?? 0.01,
    bandwidths: args.target_bandwidths,
    codebooks: publishedCodebooks(args.target_bandwidths, args.sampling_rate, seanet),
    codebookSize: args.codebook_size,
  };
}

/** The official rule counts 10 bits a code whatever the size of a codebook. */
function publishedCodebooks(published: readonly number[], sampleRate: number, seanet: SeanetConfig): number {
  return Math.floor((1000 * published.at(-1)!) / (Math.ceil(sampleRate / hopLength(seanet)) * 10));
}

/** Frames of codes a second, rounded up. */
export function frameRate({ sampleRate, seanet }: EncodecConfig): number {
  return Math.ceil(sampleRate / hopLength(seanet));
}

/** Codebooks that each published bandwidth (kbit/s) pays for. */
export function bandwidthsOf(config: EncodecConfig): ReadonlyMap<number, number> {
  const { bandwidths, codebooks, codebookSize } = config;
  const rate = frameRate(config);
  return new Map(bandwidths.map((one) => [one, Math.min(codebooks, layersForBandwidth(one, rate, codebookSize))]));
}

/**
 * Codebooks that a bandwidth pays for.
 *
 * @param bandwidth - kbit/s; default 6 where it is published, as the official command has it, the highest otherwise.
 * @throws {ConfigError} Not one of the published ones.
 */
export function codebooksFor(config: EncodecConfig, bandwidth?: number): number {
  const published = bandwidthsOf(config);
  const wanted = bandwidth ?? (published.has(6) ? 6 : config.bandwidths.at(-1)!);
  const found = published.get(wanted);
  if (found !== undefined) return found;
  throw new ConfigError('bandwidth', `one of ${config.bandwidths.join(', ')} kbit/s`, String(bandwidth));
}

/** Whether clips are encoded whole, without being made equally loud. */
export function isWholeClip({ segmentSeconds, normalize }: EncodecConfig): boolean {
  return segmentSeconds === null && !normalize;
}

/** Whether a whole-clip model encodes a window at a time: nothing looks at all of it. */
export function canStreamEncode(config: EncodecConfig): boolean {
  return isWholeClip(config) && canStream(config.seanet);
}

/** Whether a whole-clip model decodes a window at a time: nothing looks ahead. */
export function canStreamDecode(config: EncodecConfig): boolean {
  return canStreamEncode(config) && config.seanet.causal && config.seanet.trimRightRatio === 1;
}
