import type { Preset } from '@tesserae/core';
import { audioPipeline } from '../tokenizer/prepare-audio';
import { parseConfig, type WavtokenizerConfig } from './config';

const rates = {
  40: { ratios: [6, 5, 5, 4], hop: 600, parameters: 74_208_866 },
  75: { ratios: [8, 5, 4, 2], hop: 320, parameters: 73_847_298 },
} as const;

/** The published sizes; small, medium and large say how much sound was trained on. */
function config(rate: 40 | 75): WavtokenizerConfig {
  const { ratios, hop } = rates[rate];
  return parseConfig({
    sample_rate: 24_000,
    feature_extractor: { dowmsamples: ratios, vq_bins: 4096 },
    backbone: { input_channels: 512, dim: 768, intermediate_dim: 2304, num_layers: 12, adanorm_num_embeddings: 4 },
    head: { dim: 768, n_fft: 4 * hop, hop_length: hop, padding: 'same' },
  });
}

/** What one release has of its own. */
interface Release {
  readonly rate: 40 | 75;
  /** Behind `novateur/WavTokenizer`. */
  readonly repository: string;
  readonly file: string;
  readonly sha256?: string;
  readonly bytes?: number;
}

function preset({ rate, repository, file, sha256, bytes }: Release): Preset<WavtokenizerConfig> {
  return {
    config: config(rate),
    source: {
      repository: `novateur/WavTokenizer${repository}`,
      file,
      ...(sha256 !== undefined && { sha256 }),
      ...(bytes !== undefined && { bytes }),
    },
    license: { name: 'MIT', use: 'any', url: `https://huggingface.co/novateur/WavTokenizer${repository}` },
    pipeline: audioPipeline({ sampleRate: 24_000, channels: 1 }),
    paper: '2408.16532',
    parameters: rates[rate].parameters,
  };
}

const speech75 = '-large-speech-75token';
const mediumSpeech = '-medium-speech-75token';
const mediumMusic = '-medium-music-audio-75token';

/** Every published checkpoint. Ids of one are not those of another, not even of v1 and v2. */
export const presets: Readonly<Record<string, Preset<WavtokenizerConfig>>> = {
  'wavtokenizer-small-40': preset({
    rate: 40,
    repository: '',
    file: 'WavTokenizer_small_600_24k_4096.ckpt',
    sha256: 'd44c40fbb83d2d42329ac098e252a31b5708fb7b3bf864d108dd3ed26911d004',
  }),
  'wavtokenizer-small-75': preset({
    rate: 75,
    repository: '',
    file: 'WavTokenizer_small_320_24k_4096.ckpt',
    sha256: '721a204fcfadf720b1136660b466c53d482c63fdfcaa0ac2a824bf2a006217b6',
    bytes: 1_584_739_132,
  }),
  'wavtokenizer-medium-speech-75': preset({
    rate: 75,
    repository: mediumSpeech,
    file: 'wavtokenizer_medium_speech_320_24k_v2.ckpt',
    sha256: '633cc3b5b4b008318df15c995218a7820df52c74873bc8c9343be1d3a3184d78',
  }),
  'wavtokenizer-medium-speech-75-v1': preset({
    rate: 75,
    repository: mediumSpeech,
    file: 'wavtokenizer_medium_speech_320_24k.ckpt',
    sha256: '821884472b77b65f8fbdbc8f46f547bbe3ce326ad6a217b6c72ea27439b3ed15',
  }),
  'wavtokenizer-medium-music-audio-75': preset({
    rate: 75,
    repository: mediumMusic,
    file: 'wavtokenizer_medium_music_audio_320_24k_v2.ckpt',
  }),
  'wavtokenizer-medium-music-audio-75-v1': preset({
    rate: 75,
    repository: mediumMusic,
    file: 'wavtokenizer_medium_music_audio_320_24k.ckpt',
  }),
  'wavtokenizer-large-unify-40': preset({
    rate: 40,
    repository: '-large-unify-40token',
    file: 'wavtokenizer_large_unify_600_24k.ckpt',
  }),
  'wavtokenizer-large-speech-75': preset({
    rate: 75,
    repository: speech75,
    file: 'wavtokenizer_large_speech_320_v2.ckpt',
  }),
  // Withdrawn: no longer at the tip of its repository, but in folders and caches.
  'wavtokenizer-large-speech-75-v1': preset({
    rate: 75,
    repository: speech75,
    file: 'wavtokenizer_large_speech_320_24k.ckpt',
    sha256: '7450020c154f6aba033cb8651466cb79cb1b1cdd10ea64eaba68e7871cabcc5a',
  }),
};
