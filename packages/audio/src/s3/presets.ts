import type { Preset, PresetSource } from '@tesserae/core';
import { audioPipeline } from '../tokenizer/prepare-audio';
import { parseConfig, type S3Config } from './config';
import { sampleRate } from './spectrum';

const v1File = 'speech_tokenizer_v1.onnx';
const modelScope = 'https://www.modelscope.cn/models/iic/CosyVoice-300M-25Hz';

/** What one release has of its own. */
interface Release {
  readonly name: string;
  readonly source: PresetSource;
  readonly paper: string;
  readonly parameters: number;
}

function preset({ name, source, paper, parameters }: Release): Preset<S3Config> {
  const url = source.url === undefined ? `https://huggingface.co/${source.repository}` : modelScope;
  return {
    config: parseConfig({ name }),
    source,
    license: { name: 'Apache-2.0', use: 'any', url },
    pipeline: audioPipeline({ sampleRate, channels: 1 }),
    paper,
    parameters,
  };
}

/** Every published checkpoint. Ids of one are not those of another. */
export const presets: Readonly<Record<string, Preset<S3Config>>> = {
  's3-v1-50': preset({
    name: 'speech_tokenizer_v1',
    source: {
      repository: 'FunAudioLLM/CosyVoice-300M',
      file: v1File,
      sha256: '23b5a723ed9143aebfd9ffda14ac4c21231f31c35ef837b6a13bb9e5488abb1e',
    },
    paper: '2407.05407',
    parameters: 130_629_120,
  }),
  's3-v1-25': preset({
    name: 'speech_tokenizer_v1_25hz',
    source: {
      url: `${modelScope}/resolve/master/${v1File}`,
      file: v1File,
      sha256: '56285ddd4a83e883ee0cb9f8d69c1089b53a94b1f78ff7e4a0224a27eb4cb486',
    },
    paper: '2407.05407',
    parameters: 130_629_120,
  }),
  's3-v2-25': preset({
    name: 'speech_tokenizer_v2_25hz',
    source: {
      repository: 'FunAudioLLM/CosyVoice2-0.5B',
      file: 'speech_tokenizer_v2.onnx',
      sha256: 'd43342aa12163a80bf07bffb94c9de2e120a8df2f9917cd2f642e7f4219c6f71',
    },
    paper: '2412.10117',
    parameters: 123_714_568,
  }),
  's3-v3-25': preset({
    name: 'speech_tokenizer_v3_25hz',
    source: { repository: 'FunAudioLLM/Fun-CosyVoice3-0.5B-2512', file: 'speech_tokenizer_v3.onnx' },
    paper: '2505.17589',
    parameters: 242_024_968,
  }),
};
