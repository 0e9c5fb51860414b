import type { AudioSignal } from '@tesserae/core';
import { parseConfig as parseEncodec } from '../src/encodec/config';
import { encodec } from '../src/encodec/encodec';
import { parseConfig as parseWavtokenizer } from '../src/wavtokenizer/config';
import { wavtokenizer } from '../src/wavtokenizer/wavtokenizer';

const engine = { engine: 'cpu' } as const;

/** Hop 20, 24 kHz; published form, small widths. */
export const tinyWavtokenizer = () =>
  wavtokenizer.fromConfig(
    parseWavtokenizer({
      feature_extractor: { dowmsamples: [5, 4], vq_bins: 64, n_filters: 4, dimension: 16 },
      backbone: { input_channels: 16, dim: 32, intermediate_dim: 48, num_layers: 1, adanorm_num_embeddings: 4 },
      head: { dim: 32, n_fft: 80, hop_length: 20, padding: 'same' },
    }),
    engine,
  );

/** Hop 20, 24 kHz mono, causal, codebooks of 64. */
export const tinyEncodec = () =>
  encodec.fromConfig(
    parseEncodec({
      name: 'encodec_24khz',
      ratios: [5, 4],
      n_filters: 4,
      dimension: 8,
      bins: 64,
      n_q: 4,
      target_bandwidths: [7.2, 14.4, 28.8],
    }),
    engine,
  );

/** Hop 320 and the published strides; small widths. On wasm: seconds of sound take the plain backend long. */
export const tinyPublishedWavtokenizer = () =>
  wavtokenizer.fromConfig(
    parseWavtokenizer({
      feature_extractor: { dowmsamples: [8, 5, 4, 2], vq_bins: 64, n_filters: 2, dimension: 16 },
      backbone: { input_channels: 16, dim: 32, intermediate_dim: 48, num_layers: 1, adanorm_num_embeddings: 4 },
      head: { dim: 32, n_fft: 1280, hop_length: 320, padding: 'same' },
    }),
    { engine: 'wasm' },
  );

/** Hop 320 and the published strides; small widths, two codebooks. */
export const tinyPublishedEncodec = () =>
  encodec.fromConfig(
    parseEncodec({
      name: 'encodec_24khz',
      n_filters: 2,
      dimension: 8,
      bins: 64,
      n_q: 2,
      target_bandwidths: [0.45, 0.9],
    }),
    { engine: 'wasm' },
  );

/** Hop 20, 48 kHz stereo in segments of 0.02 s (960 samples, one every 864), each made equally loud. */
export const tinyStereoEncodec = () =>
  encodec.fromConfig(
    parseEncodec({
      name: 'encodec_48khz',
      sample_rate: 48_000,
      channels: 2,
      causal: false,
      model_norm: 'time_group_norm',
      audio_normalize: true,
      segment: 0.02,
      overlap: 0.1,
      ratios: [5, 4],
      n_filters: 4,
      dimension: 8,
      bins: 64,
      n_q: 4,
      target_bandwidths: [28.8, 57.6],
    }),
    engine,
  );

/** A sound that never repeats: a sum of tones and a little noise, -1..1. */
export function sound(samples: number, { sampleRate = 24_000, channels = 1, seed = 1 } = {}): AudioSignal {
  return {
    modality: 'audio',
    sampleRate,
    channels: Array.from({ length: channels }, (_, channel) => {
      let state = seed * 7919 + channel + 1;
      return Float32Array.from({ length: samples }, (__, index) => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        const tones = Math.sin(index * (0.031 + 0.007 * channel)) + 0.5 * Math.sin(index * 0.173 + seed);
        return 0.4 * tones + 0.2 * (state / 2 ** 31 - 1);
      });
    }),
  };
}

/** The same sound in blocks of these lengths, over and over. */
export async function* inBlocks(signal: AudioSignal, lengths: readonly number[]): AsyncGenerator<AudioSignal> {
  const total = signal.channels[0]!.length;
  for (let at = 0, index = 0; at < total; index += 1) {
    const length = lengths[index % lengths.length]!;
    yield { ...signal, channels: signal.channels.map((channel) => channel.slice(at, at + length)) };
    at += length;
  }
}
