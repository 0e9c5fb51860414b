import type { AudioInput, HostTensor, SourceFacts, Tokens } from '@tesserae/core';
import { type AudioSignal, InputError } from '@tesserae/core/data';
import { resampleSignal, toMono } from '../dsp/mono';
import { resampledLength } from '../dsp/resample';
import { readAudio } from '../io/read-audio';
import type { AudioEncodeOptions } from './audio-tokenizer';

/** What a model takes. */
export interface AudioTarget {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
}

type AudioFacts = Extract<SourceFacts, { readonly modality: 'audio' }>;

export interface PreparedAudio {
  /** At the rate and with the channels of the model. */
  readonly signal: AudioSignal;
  /** Length and rate as given, which decoding restores. */
  readonly source: AudioFacts;
}

/**
 * Sound as a model takes it: channels mixed or doubled, then resampled as `torchaudio.transforms.Resample` does.
 *
 * @param options - `pipeline: 'none'`: the sound is already what the model takes, anything else is refused.
 * @throws {InputError} As `readAudio`; no samples; several channels for a mono model without `mono`, more than two for
 *   a stereo one.
 */
export async function prepareAudio(
  input: AudioInput,
  target: AudioTarget,
  pipeline: string,
  options: AudioEncodeOptions,
): Promise<PreparedAudio> {
  const given = await readAudio(input, options);
  const samples = given.channels[0]?.length ?? 0;
  if (samples === 0) {
    throw new InputError('input', 'at least one sample', 'none', { code: 'unsupported-size' });
  }
  const used = options.pipeline ?? pipeline;
  if (used === 'none') assertReady(given, target);
  else if (used !== pipeline) throw new InputError('pipeline', `'${pipeline}' or 'none'`, `'${used}'`);
  const signal = resampleSignal(withChannels(given, target.channels, options), target.sampleRate);
  return { signal, source: { modality: 'audio', pipeline: used, sampleRate: given.sampleRate, samples } };
}

function assertReady({ sampleRate, channels }: AudioSignal, target: AudioTarget): void {
  if (sampleRate === target.sampleRate && channels.length === target.channels) return;
  throw new InputError(
    'input',
    `${target.channels} channel(s) at ${target.sampleRate} Hz, since pipeline is 'none'`,
    `${channels.length} at ${sampleRate} Hz`,
  );
}

function withChannels(signal: AudioSignal, wanted: number, { mono }: AudioEncodeOptions): AudioSignal {
  const given = signal.channels.length;
  if (given === wanted) return signal;
  if (wanted === 1) {
    if (mono === undefined) {
      throw new InputError(
        'input',
        "one channel: mix them with mono: 'mean' (or 'first', 'sum-sqrt'), or encode each one of splitChannels(signal)",
        `${given} channels`,
      );
    }
    return { ...signal, channels: [toMono(signal, mono)] };
  }
  const [only] = signal.channels;
  if (given !== 1 || !only) throw new InputError('input', `1 or ${wanted} channels`, `${given} channels`);
  return { ...signal, channels: new Array<Float32Array>(wanted).fill(only) };
}

/** Every channel as a signal of its own. */
export function splitChannels(signal: AudioSignal): AudioSignal[] {
  return signal.channels.map((channel) => ({ ...signal, channels: [channel] }));
}

/** `[1, samples, channels]`. */
export function audioTensor({ channels }: AudioSignal): HostTensor {
  const samples = channels[0]!.length;
  const data = new Float32Array(samples * channels.length);
  channels.forEach((channel, index) => channel.forEach((value, at) => (data[at * channels.length + index] = value)));
  return { shape: [1, samples, channels.length], data };
}

/** Channels of `[1, samples, channels]`. */
export function channelsOf({ shape, data }: HostTensor): Float32Array[] {
  const [, samples = 0, channels = 1] = shape;
  return Array.from({ length: channels }, (_, channel) =>
    Float32Array.from({ length: samples }, (__, at) => data[at * channels + channel]!),
  );
}

/** Samples at the rate of the model that the tokens of a clip stand for. */
export function modelSamples({ source }: Tokens, sampleRate: number): number {
  const { sampleRate: from, samples } = source as AudioFacts;
  return resampledLength(samples, from, sampleRate);
}
