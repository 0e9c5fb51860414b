import type { Json, Preset } from '@tesserae/core';
import { audioPipeline } from '../tokenizer/prepare-audio';
import { type DacConfig, parseConfig } from './config';

const license = {
  name: 'MIT',
  use: 'any',
  url: 'https://github.com/descriptinc/descript-audio-codec/blob/main/LICENSE',
} as const;

function preset(args: Json, release: string, file: string, parameters: number): Preset<DacConfig> {
  const config = parseConfig(args);
  return {
    config,
    source: {
      url: `https://github.com/descriptinc/descript-audio-codec/releases/download/${release}/${file}`,
      file,
    },
    license,
    pipeline: audioPipeline({ sampleRate: config.sampleRate, channels: 1 }),
    paper: '2306.06546',
    parameters,
  };
}

const strides = { encoder_rates: [2, 4, 5, 8], decoder_rates: [8, 5, 4, 2] };

/** The four published models, as the official command downloads them. */
export const presets: Readonly<Record<string, Preset<DacConfig>>> = {
  'dac-44khz': preset({}, '0.0.1', 'weights.pth', 76_651_890),
  'dac-24khz': preset({ ...strides, sample_rate: 24_000, n_codebooks: 32 }, '0.0.4', 'weights_24khz.pth', 74_708_706),
  'dac-16khz': preset({ ...strides, sample_rate: 16_000, n_codebooks: 12 }, '0.0.5', 'weights_16khz.pth', 74_175_906),
  'dac-44khz-16kbps': preset({ latent_dim: 128, n_codebooks: 18 }, '1.0.0', 'weights_44khz_16kbps.pth', 64_213_250),
};
