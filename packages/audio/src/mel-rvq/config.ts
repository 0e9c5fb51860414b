import { ConfigError, type Json, parseWith, type Preset } from '@tesserae/core';
import * as v from 'valibot';
import { audioPipeline } from '../tokenizer/prepare-audio';

/** Sizes of the network. */
export interface MelRvqConfig {
  /** Hz. */
  readonly sampleRate: number;
  /** Samples of a spectrum, at the input and at the output. */
  readonly fftLength: number;
  /** Samples between spectra. */
  readonly spectrumHop: number;
  /** Spectra a token. */
  readonly spectraPerToken: number;
  /** Mel bands that the encoder sees. */
  readonly mels: number;
  readonly encoderWidth: number;
  readonly encoderLayers: number;
  readonly decoderWidth: number;
  readonly decoderLayers: number;
  /** Width between the two layers of a block, in widths. */
  readonly expansion: number;
  readonly codebooks: number;
  readonly codebookSize: number;
  /** Width of a code. */
  readonly codeWidth: number;
}

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const schema = v.object({
  sample_rate: v.optional(count, 16_000),
  fft_length: v.optional(count, 640),
  spectrum_hop: v.optional(count, 160),
  spectra_per_token: v.optional(count, 2),
  mels: v.optional(count, 80),
  encoder_width: v.optional(count, 192),
  encoder_layers: v.optional(count, 4),
  decoder_width: v.optional(count, 192),
  decoder_layers: v.optional(count, 6),
  expansion: v.optional(count, 2),
  codebooks: v.optional(count, 4),
  codebook_size: v.optional(v.pipe(count, v.minValue(2)), 1024),
  code_width: v.optional(count, 64),
});

const where = 'mel-rvq config.json';

/**
 * Reads a configuration; absent fields have the starter's values.
 *
 * @throws {ConfigError} A field is wrong, or the hop does not divide the length of a spectrum by an even step.
 */
export function parseConfig(json: Json): MelRvqConfig {
  const config = parseWith(schema, json, where);
  const { fft_length: fftLength, spectrum_hop: spectrumHop } = config;
  const isWhole = fftLength % spectrumHop === 0 && fftLength % 2 === 0 && (fftLength - spectrumHop) % 2 === 0;
  if (!isWhole || fftLength === spectrumHop) {
    throw new ConfigError(`${where}: spectrum_hop`, `a part of fft_length (${fftLength})`, `${spectrumHop}`);
  }
  return {
    sampleRate: config.sample_rate,
    fftLength,
    spectrumHop,
    spectraPerToken: config.spectra_per_token,
    mels: config.mels,
    encoderWidth: config.encoder_width,
    encoderLayers: config.encoder_layers,
    decoderWidth: config.decoder_width,
    decoderLayers: config.decoder_layers,
    expansion: config.expansion,
    codebooks: config.codebooks,
    codebookSize: config.codebook_size,
    codeWidth: config.code_width,
  };
}

/** Samples a token. */
export function hopLength({ spectrumHop, spectraPerToken }: MelRvqConfig): number {
  return spectrumHop * spectraPerToken;
}

const starter = parseConfig({});

export const presets: Readonly<Record<string, Preset<MelRvqConfig>>> = {
  'audio-starter': {
    config: starter,
    source: { bundled: true, file: 'audio-starter.safetensors' },
    license: { name: 'CC-BY-SA-4.0', use: 'any', url: 'https://creativecommons.org/licenses/by-sa/4.0/' },
    pipeline: audioPipeline({ sampleRate: starter.sampleRate, channels: 1 }),
    paper: '2306.00814',
    parameters: 2_104_898,
  },
};
