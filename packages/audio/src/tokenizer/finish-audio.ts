import { type AudioSignal, InputError, type Tokens, TokensError } from '@tesserae/core/data';
import { resampleSignal } from '../dsp/mono';
import { resampledLength } from '../dsp/resample';
import type { AudioDecodeOptions } from './audio-tokenizer';
import type { AudioSource } from './prepare-audio';

/** Source facts of tokens of sound. @throws {TokensError} `invalid-tokens`: they are of something else. */
export function audioSource({ source }: Pick<Tokens, 'source'>): AudioSource {
  if (source.modality === 'audio') return source;
  throw new TokensError('invalid-tokens', `source: expected tokens of audio, got ${source.modality}.`);
}

/** Samples at the rate of the model that the tokens of a clip stand for. */
export function modelSamples(tokens: Pick<Tokens, 'source'>, sampleRate: number): number {
  const { sampleRate: from, samples } = audioSource(tokens);
  return resampledLength(samples, from, sampleRate);
}

/**
 * Decoded sound as it is given back: as long as what was encoded, at the rate that options ask for.
 *
 * @param channels - At the rate of the model, usually a part of a frame longer than the source.
 * @throws {InputError} `sampleRate` is no rate.
 */
export function finishAudio(
  channels: readonly Float32Array[],
  sampleRate: number,
  tokens: Pick<Tokens, 'source'>,
  { sampleRate: wanted = 'model' }: AudioDecodeOptions,
): AudioSignal {
  const source = audioSource(tokens);
  const signal: AudioSignal = {
    modality: 'audio',
    sampleRate,
    channels: channels.map((channel) => ofLength(channel, modelSamples(tokens, sampleRate))),
  };
  const rate = outputRate(wanted, sampleRate, source);
  if (rate === sampleRate) return signal;
  const resampled = resampleSignal(signal, rate);
  if (rate !== source.sampleRate) return resampled;
  return { ...resampled, channels: resampled.channels.map((channel) => ofLength(channel, source.samples)) };
}

function outputRate(wanted: 'model' | 'source' | number, model: number, source: AudioSource): number {
  if (wanted === 'model') return model;
  if (wanted === 'source') return source.sampleRate;
  if (Number.isInteger(wanted) && wanted >= 1) return wanted;
  throw new InputError('sampleRate', "'model', 'source' or a whole number of Hz", String(wanted));
}

/** The first samples, with zeros behind where there are too few. */
function ofLength(channel: Float32Array, samples: number): Float32Array {
  if (channel.length >= samples) return channel.length === samples ? channel : channel.slice(0, samples);
  const out = new Float32Array(samples);
  out.set(channel);
  return out;
}
