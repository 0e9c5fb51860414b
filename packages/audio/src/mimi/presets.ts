import type { Preset } from '@tesserae/core';
import { audioPipeline } from '../tokenizer/prepare-audio';
import { type MimiConfig, parseConfig } from './config';

/** The published model. Its original file, `tokenizer-e351c8d8-checkpoint125.safetensors` of Moshi, opens as well. */
export const presets: Readonly<Record<string, Preset<MimiConfig>>> = {
  mimi: {
    config: parseConfig({}),
    source: { repository: 'kyutai/mimi', file: 'model.safetensors' },
    license: { name: 'CC-BY-4.0', use: 'any', url: 'https://huggingface.co/kyutai/mimi' },
    pipeline: audioPipeline({ sampleRate: 24_000, channels: 1 }),
    paper: '2410.00037',
    parameters: 96_151_361,
  },
};
