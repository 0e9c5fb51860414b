import { ConfigError, type Json, parseWith } from '@tesserae/core';
import * as v from 'valibot';
import { hopLength, type SnakeConfig } from '../snake/config';

/** One DAC model. */
export interface DacConfig {
  /** Hz. */
  readonly sampleRate: number;
  /** Sizes of encoder and decoder. */
  readonly network: SnakeConfig;
  readonly codebooks: number;
  readonly codebookSize: number;
  /** Width of the codes of each codebook. */
  readonly codeWidths: readonly number[];
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const rates = v.pipe(v.array(count), v.minLength(1));
const widths = v.union([count, v.pipe(v.array(count), v.minLength(1))]);

/** Arguments of `dac.DAC`, as the official files carry them under `metadata.kwargs`. */
const official = v.object({
  encoder_dim: v.optional(count, 64),
  encoder_rates: v.optional(rates, [2, 4, 8, 8]),
  latent_dim: v.optional(v.nullable(count), null),
  decoder_dim: v.optional(count, 1536),
  decoder_rates: v.optional(rates, [8, 8, 4, 2]),
  n_codebooks: v.optional(count, 9),
  codebook_size: v.optional(count, 1024),
  codebook_dim: v.optional(widths, 8),
  sample_rate: v.optional(count, 44_100),
});

/** `config.json` of the transformers port. */
const ported = v.object({
  model_type: v.literal('dac'),
  encoder_hidden_size: v.optional(count, 64),
  downsampling_ratios: v.optional(rates, [2, 4, 8, 8]),
  decoder_hidden_size: v.optional(count, 1536),
  upsampling_ratios: v.optional(v.nullable(rates), null),
  hidden_size: v.optional(v.nullable(count), null),
  n_codebooks: v.optional(count, 9),
  codebook_size: v.optional(count, 1024),
  codebook_dim: v.optional(widths, 8),
  sampling_rate: v.optional(count, 16_000),
});

const where = 'dac config';

/**
 * Arguments of the official constructor, or `config.json` of the transformers port.
 *
 * @throws {ConfigError} A field is missing, unknown in kind or contradicts another one.
 */
export function parseConfig(json: Json): DacConfig {
  const isPort = typeof json === 'object' && json !== null && !Array.isArray(json) && 'model_type' in json;
  const args = isPort ? portArguments(json) : parseWith(official, json, where);
  const network: SnakeConfig = {
    encoderWidth: args.encoder_dim,
    encoderRates: args.encoder_rates,
    latentWidth: args.latent_dim ?? args.encoder_dim * 2 ** args.encoder_rates.length,
    decoderWidth: args.decoder_dim,
    decoderRates: args.decoder_rates,
  };
  const up = hopLength({ encoderRates: network.decoderRates });
  if (up !== hopLength(network)) {
    throw new ConfigError(`${where}: decoder_rates`, `a product of ${hopLength(network)}, as encoder_rates`, `${up}`);
  }
  if (Math.floor(network.decoderWidth / 2 ** network.decoderRates.length) < 1) {
    throw new ConfigError(
      `${where}: decoder_dim`,
      `at least ${2 ** network.decoderRates.length}`,
      `${args.decoder_dim}`,
    );
  }
  return {
    sampleRate: args.sample_rate,
    network,
    codebooks: args.n_codebooks,
    codebookSize: args.codebook_size,
    codeWidths: codeWidths(args.codebook_dim, args.n_codebooks),
  };
}

function portArguments(json: Json): v.InferOutput<typeof official> {
  const args = parseWith(ported, json, where);
  return {
    encoder_dim: args.encoder_hidden_size,
    encoder_rates: args.downsampling_ratios,
    latent_dim: args.hidden_size,
    decoder_dim: args.decoder_hidden_size,
    decoder_rates: args.upsampling_ratios ?? args.downsampling_ratios.toReversed(),
    n_codebooks: args.n_codebooks,
    codebook_size: args.codebook_size,
    codebook_dim: args.codebook_dim,
    sample_rate: args.sampling_rate,
  };
}

function codeWidths(given: number | readonly number[], codebooks: number): readonly number[] {
  if (typeof given === 'number') return new Array<number>(codebooks).fill(given);
  if (given.length === codebooks) return given;
  throw new ConfigError(`${where}: codebook_dim`, `${codebooks} widths, one a codebook`, `${given.length}`);
}
