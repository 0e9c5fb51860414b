import type { Json, Preset } from '@tesserae/core';
import { audioPipeline } from '../tokenizer/prepare-audio';
import { parseConfig, type SnacConfig } from './config';

function preset(args: Json, name: string, parameters: number): Preset<SnacConfig> {
  const config = parseConfig(args);
  return {
    config,
    source: { repository: `hubertsiuzdak/${name}`, file: 'pytorch_model.bin' },
    license: { name: 'MIT', use: 'any', url: `https://huggingface.co/hubertsiuzdak/${name}` },
    pipeline: audioPipeline({ sampleRate: config.sampleRate, channels: 1 }),
    paper: '2410.14411',
    parameters,
  };
}

const music = {
  encoder_dim: 64,
  encoder_rates: [2, 3, 8, 8],
  decoder_dim: 1536,
  decoder_rates: [8, 8, 3, 2],
  attn_window_size: 32,
  vq_strides: [8, 4, 2, 1],
};

/** The three published models: speech, and two for music and sounds. A `config.json` beside the file wins. */
export const presets: Readonly<Record<string, Preset<SnacConfig>>> = {
  'snac-24khz': preset(
    {
      sampling_rate: 24_000,
      encoder_dim: 48,
      encoder_rates: [2, 4, 8, 8],
      decoder_dim: 1024,
      decoder_rates: [8, 8, 4, 2],
      attn_window_size: null,
      vq_strides: [4, 2, 1],
    },
    'snac_24khz',
    19_842_914,
  ),
  'snac-32khz': preset({ ...music, sampling_rate: 32_000 }, 'snac_32khz', 54_546_338),
  'snac-44khz': preset({ ...music, sampling_rate: 44_100 }, 'snac_44khz', 54_546_338),
};
