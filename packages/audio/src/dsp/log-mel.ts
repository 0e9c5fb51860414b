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

/**
 * Whisper's log-mel spectrogram (`log_mel_spectrogram` of the S3 tokenizer): `floor(n / 160)` frames; log10, held to at
 * most 8 below the maximum, then `(x + 4) / 4`.
 *
 * @param rows - Waveforms at 16 kHz, -1..1. Several rows share one maximum, as the official code does with a batch.
 * @throws {InputError} A row has 200 samples or fewer (code `unsupported-size`).
 */
export function whisperLogMel(rows: readonly Float32Array[], options: WhisperLogMelOptions = {}): LogMel[] {
  const filters = whisperMelFilters(options.mels);
  const energies = rows.map((samples) => {
    const power = magnitudes(stft(samples, { fftLength: whisperFft, hopLength: whisperHop }), 2);
    const frames = Math.floor(samples.length / whisperHop);
    return applyMelFilters(filters, power.subarray(0, frames * filters.bins)).map((energy) =>
      Math.log10(Math.max(energy, 1e-10)),
    );
  });
  const highest = energies.reduce((most, row) => row.reduce((high, value) => Math.max(high, value), most), -Infinity);
  return energies.map((row) => ({
    frames: row.length / filters.mels,
    mels: filters.mels,
    data: Float32Array.from(row, (value) => (Math.max(value, highest - 8) + 4) / 4),
  }));
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

/**
 * The distance that Vocos and WavTokenizer report and train on: mean absolute difference of {@link vocosLogMel}.
 *
 * @param reference - Waveform, -1..1.
 * @param samples - Of the same length.
 * @throws {InputError} The lengths differ, or are too short.
 */
export function logMelDifference(
  reference: Float32Array,
  samples: Float32Array,
  options: VocosLogMelOptions = {},
): number {
  if (reference.length !== samples.length) {
    throw new InputError('samples', `${reference.length} samples, as the reference`, `${samples.length}`);
  }
  const a = vocosLogMel(reference, options).data;
  const b = vocosLogMel(samples, options).data;
  return a.reduce((sum, value, index) => sum + Math.abs(value - b[index]!), 0) / a.length;
}
