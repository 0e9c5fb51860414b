import type { Preset } from '@tesserae/core';
import { audioPipeline } from '../tokenizer/prepare-audio';
import { type EncodecConfig, parseConfig } from './config';

const license = {
  name: 'not stated',
  use: 'unknown',
  url: 'https://github.com/facebookresearch/encodec',
} as const;

/** The two published models. */
export const presets: Readonly<Record<string, Preset<EncodecConfig>>> = {
  'encodec-24khz': {
    config: parseConfig({ name: 'encodec_24khz' }),
    source: { repository: 'facebook/encodec_24khz', file: 'model.safetensors' },
    license,
    pipeline: audioPipeline({ sampleRate: 24_000, channels: 1 }),
    paper: '2210.13438',
    parameters: 19_046_114,
  },
  'encodec-48khz': {
    config: parseConfig({
      name: 'encodec_48khz',
      sample_rate: 48_000,
      channels: 2,
      causal: false,
      model_norm: 'time_group_norm',
      audio_normalize: true,
      segment: 1,
      target_bandwidths: [3, 6, 12, 24],
    }),
    source: { repository: 'facebook/encodec_48khz', file: 'model.safetensors' },
    license,
    pipeline: audioPipeline({ sampleRate: 48_000, channels: 2 }),
    paper: '2210.13438',
    parameters: 16_953_446,
  },
};
