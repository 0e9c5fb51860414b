import type { AudioInput, SourceFacts } from '@tesserae/core';
import { type AudioSignal, InputError } from '@tesserae/core/data';
import { resampleSignal, toMono } from '../dsp/mono';
import { checkAudioSignal } from '../io/check-audio';
import { readAudio } from '../io/read-audio';
import type { AudioEncodeOptions } from './audio-tokenizer';

/** What a model takes. */
export interface AudioTarget {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
}

/** What tokens of sound remember of it. */
export type AudioSource = Extract<SourceFacts, { readonly modality: 'audio' }>;

export interface PreparedAudio {
  /** At the rate and with the channels of the model. */
  readonly signal: AudioSignal;
  /** Length and rate as given, from which decoding finds how many samples to give back. */
  readonly source: AudioSource;
}

/** Name of the preprocessing that a model was trained with: `torchaudio-24000-mono`. */
export function audioPipeline({ sampleRate, channels }: AudioTarget): string {
  return `torchaudio-${sampleRate}-${channels === 1 ? 'mono' : 'stereo'}`;
}

/**
 * Sound as a model takes it: channels mixed or doubled, then resampled as `torchaudio.transforms.Resample` does.
 * Loudness is left alone.
 *
 * @param options - `pipeline: 'none'`: the sound is already what the model takes, anything else is refused.
 * @throws {InputError} As `readAudio`; no samples (`unsupported-size`); several channels for a mono model without
 *   `mono`, more than two for a stereo one; an unknown pipeline.
 */
export async function prepareAudio(
  input: AudioInput,
  target: AudioTarget,
  options: AudioEncodeOptions,
): Promise<PreparedAudio> {
  const given = await readAudio(input, options);
  checkAudioSignal(given, 'input');
  const samples = given.channels[0]!.length;
  if (samples === 0) {
    throw new InputError('input', 'at least one sample', 'none', { code: 'unsupported-size' });
  }
  const pipeline = chosenPipeline(given, target, options);
  const signal = resampleSignal(withChannels(given, target.channels, options), target.sampleRate);
  return { signal, source: { modality: 'audio', pipeline, sampleRate: given.sampleRate, samples } };
}

/**
 * The preprocessing that options name, or the usual one.
 *
 * @throws {InputError} It has another name, or it is `none` and the sound is not what the model takes.
 */
export function chosenPipeline(
  { sampleRate, channels }: AudioSignal,
  target: AudioTarget,
  { pipeline }: AudioEncodeOptions,
): string {
  const usual = audioPipeline(target);
  if (pipeline === undefined || pipeline === usual) return usual;
  if (pipeline !== 'none') throw new InputError('pipeline', `'${usual}' or 'none'`, `'${pipeline}'`);
  if (sampleRate === target.sampleRate && channels.length === target.channels) return pipeline;
  throw new InputError(
    'input',
    `${target.channels} channel(s) at ${target.sampleRate} Hz, since pipeline is 'none'`,
    `${channels.length} at ${sampleRate} Hz`,
  );
}

/**
 * As many channels as a model takes: mixed as `mono` says, or the only one twice.
 *
 * @throws {InputError} `mono` is needed and absent, or there is no way from one number to the other.
 */
export function withChannels(signal: AudioSignal, wanted: number, { mono }: AudioEncodeOptions): AudioSignal {
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
