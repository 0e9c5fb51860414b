import { ConfigError, type Json, parseWith } from '@tesserae/core';
import * as v from 'valibot';
import { hopLength, type SnakeConfig } from '../snake/config';

/** One SNAC model. */
export interface SnacConfig {
  /** Hz. */
  readonly sampleRate: number;
  /** Sizes of encoder and decoder. */
  readonly network: SnakeConfig;
  /** Frames that attend to each other at both ends of the quantizer; null: no attention. */
  readonly attentionWindow: number | null;
  readonly codebookSize: number;
  /** Width of the codes. */
  readonly codeWidth: number;
  /** Frames a code of each level, coarse to fine. */
  readonly strides: readonly number[];
  /** Whether every stage of the decoder adds noise. */
  readonly noise: boolean;
  /** Whether the wide convolutions treat every channel by itself. */
  readonly depthwise: boolean;
}

/** Width of an attention head. */
export const headWidth = 64;

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const list = v.pipe(v.array(count), v.minLength(1));

/** Arguments of `snac.SNAC`, which are the official `config.json`. */
const official = v.object({
  sampling_rate: v.optional(count, 44_100),
  encoder_dim: v.optional(count, 64),
  encoder_rates: v.optional(list, [3, 3, 7, 7]),
  latent_dim: v.optional(v.nullable(count), null),
  decoder_dim: v.optional(count, 1536),
  decoder_rates: v.optional(list, [7, 7, 3, 3]),
  attn_window_size: v.optional(v.nullable(count), 32),
  codebook_size: v.optional(count, 4096),
  codebook_dim: v.optional(count, 8),
  vq_strides: v.optional(list, [8, 4, 2, 1]),
  noise: v.optional(v.boolean(), true),
  depthwise: v.optional(v.boolean(), true),
});

const where = 'snac config';

/** @throws {ConfigError} A field is unknown in kind or contradicts another one. */
export function parseConfig(json: Json): SnacConfig {
  const args = parseWith(official, json, where);
  const width = args.encoder_dim * 2 ** args.encoder_rates.length;
  const network: SnakeConfig = {
    encoderWidth: args.encoder_dim,
    encoderRates: args.encoder_rates,
    latentWidth: args.latent_dim ?? width,
    decoderWidth: args.decoder_dim,
    decoderRates: args.decoder_rates,
  };
  const window = args.attn_window_size;
  // The encoder has no layer to another width.
  if (network.latentWidth !== width) throw new ConfigError(`${where}: latent_dim`, `${width}`, `${args.latent_dim}`);
  const up = hopLength({ encoderRates: network.decoderRates });
  if (up !== hopLength(network)) {
    throw new ConfigError(`${where}: decoder_rates`, `a product of ${hopLength(network)}, as encoder_rates`, `${up}`);
  }
  for (const [name, value] of [['encoder_dim', width] as const, ['decoder_dim', network.decoderWidth] as const]) {
    if (window === null || value % headWidth === 0) continue;
    throw new ConfigError(`${where}: ${name}`, `attention of whole heads of ${headWidth}`, `a width of ${value}`);
  }
  if (Math.floor(network.decoderWidth / 2 ** network.decoderRates.length) < 1) {
    throw new ConfigError(
      `${where}: decoder_dim`,
      `at least ${2 ** network.decoderRates.length}`,
      `${args.decoder_dim}`,
    );
  }
  const parsed: SnacConfig = {
    sampleRate: args.sampling_rate,
    network,
    attentionWindow: window,
    codebookSize: args.codebook_size,
    codeWidth: args.codebook_dim,
    strides: args.vq_strides,
    noise: args.noise,
    depthwise: args.depthwise,
  };
  const odd = parsed.strides.find((stride) => unitFrames(parsed) % stride !== 0);
  if (odd !== undefined) {
    throw new ConfigError(`${where}: vq_strides`, `divisors of ${unitFrames(parsed)} frames`, `${odd}`);
  }
  return parsed;
}

/** Frames that sound is filled up to: whole codes of the coarsest level, and whole windows of attention. */
export function unitFrames({ strides, attentionWindow }: Pick<SnacConfig, 'strides' | 'attentionWindow'>): number {
  return leastCommonMultiple(strides[0]!, attentionWindow ?? 1);
}

function leastCommonMultiple(a: number, b: number): number {
  let [larger, smaller] = [a, b];
  while (smaller > 0) [larger, smaller] = [smaller, larger % smaller];
  return (a / larger) * b;
}
