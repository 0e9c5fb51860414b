import { InputError } from '@tesserae/core/data';
import { applyMelFilters, htkMelFilters, type MelFilters, slaneyMelFilters } from './mel-filters';
import { magnitudes, stft } from './stft';

/** Logarithms of mel energies, frame by frame. */
export interface LogMel {
  readonly frames: number;
  readonly mels: number;
  /** `[frames, mels]`. */
  readonly data: Float32Array;
}

export interface WhisperLogMelOptions {
  /** Default 128. */
  readonly mels?: number;
}

const whisperRate = 16_000;
const whisperFft = 400;
const whisperHop = 160;

/** The filters of {@link whisperLogMel}. */
export function whisperMelFilters(mels = 128): MelFilters {
  return slaneyMelFilters({ sampleRate: whisperRate, fftLength: whisperFft, mels });
}

/** Frames of {@link whisperLogMel}: `floor(n / 160)`. */
export function whisperFrames(samples: number): number {
  return Math.floor(samples / whisperHop);
}

/**
 * Whisper's log-mel spectrogram (`log_mel_spectrogram` of the S3 tokenizer): `floor(n / 160)` frames; log10, held to at
 * most 8 below the maximum, then `(x + 4) / 4`.
 *
 * @param rows - Waveforms at 16 kHz, -1..1. Several rows share one maximum, as the official code does with a batch.
 * @throws {InputError} A row has 200 samples or fewer (code `unsupported-size`).
 */
export function whisperLogMel(rows: readonly Float32Array[], options: WhisperLogMelOptions = {}): LogMel[] {
  const { mels = 128 } = options;
  const energies = rows.map((samples) => whisperEnergies(samples, whisperFrames(samples.length), options));
  const highest = energies.reduce((most, row) => Math.max(most, highestOf(row)), -Infinity);
  return energies.map((row) => ({ frames: row.length / mels, mels, data: whisperScale(row, highest) }));
}

/**
 * Logarithms (base 10) of some frames of {@link whisperLogMel}, before anything is held to the maximum: a long recording
 * a stretch at a time.
 *
 * @param samples - The whole waveform at 16 kHz.
 * @param end - One past the last frame, at most {@link whisperFrames}; `from` is the first one, default 0.
 * @returns `[end - from, mels]`.
 * @throws {InputError} There are 200 samples or fewer (code `unsupported-size`).
 */
export function whisperEnergies(
  samples: Float32Array,
  end: number,
  { mels, from = 0 }: WhisperLogMelOptions & { readonly from?: number } = {},
): Float64Array {
  const margin = whisperFft / 2;
  const last = samples.length - 1;
  if (last < margin) {
    throw new InputError('samples', `more than ${margin} samples (they are mirrored at the ends)`, `${last + 1}`, {
      code: 'unsupported-size',
    });
  }
  const filters = whisperMelFilters(mels);
  if (end <= from) return new Float64Array(0);
  const start = from * whisperHop - margin;
  const stretch = Float32Array.from({ length: (end - from - 1) * whisperHop + whisperFft }, (_, index) => {
    const place = Math.abs(start + index);
    return samples[place > last ? 2 * last - place : place]!;
  });
  const spectrum = stft(stretch, { fftLength: whisperFft, hopLength: whisperHop, padding: 'none' });
  return applyMelFilters(filters, magnitudes(spectrum, 2)).map((energy) => Math.log10(Math.max(energy, 1e-10)));
}

/** The highest of {@link whisperEnergies}; minus infinity of none. */
export function highestOf(energies: Float64Array): number {
  return energies.reduce((high, value) => Math.max(high, value), -Infinity);
}

/** {@link whisperEnergies} as the model takes them, given the highest of the whole recording. */
export function whisperScale(energies: Float64Array, highest: number): Float32Array {
  return Float32Array.from(energies, (value) => (Math.max(value, highest - 8) + 4) / 4);
}

export interface VocosLogMelOptions {
  /** Hz; default 24000. */
  readonly sampleRate?: number;
  /** Default 1024. */
  readonly fftLength?: number;
  /** Default 256. */
  readonly hopLength?: number;
  /** Default 100. */
  readonly mels?: number;
  /** Default `center`: `floor(n / hop) + 1` frames; `same`: `floor(n / hop)`. */
  readonly padding?: 'center' | 'same';
}

/** The filters of {@link vocosLogMel}. */
export function vocosMelFilters(options: VocosLogMelOptions = {}): MelFilters {
  const { sampleRate = 24_000, fftLength = 1024, mels = 100 } = options;
  return htkMelFilters({ sampleRate, fftLength, mels });
}

/**
 * Vocos' log-mel spectrogram (`MelSpectrogramFeatures`): magnitudes, natural logarithm of at least 1e-7.
 *
 * @param samples - Waveform, -1..1.
 * @throws {InputError} The waveform is too short to be mirrored at its ends (code `unsupported-size`).
 */
export function vocosLogMel(samples: Float32Array, options: VocosLogMelOptions = {}): LogMel {
  const { fftLength = 1024, hopLength = 256, padding = 'center' } = options;
  const filters = vocosMelFilters(options);
  const energies = applyMelFilters(filters, magnitudes(stft(samples, { fftLength, hopLength, padding })));
  return {
    frames: energies.length / filters.mels,
    mels: filters.mels,
    data: Float32Array.from(energies, (energy) => Math.log(Math.max(energy, 1e-7))),
  };
}
