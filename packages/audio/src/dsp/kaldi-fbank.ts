import { InputError } from '@tesserae/core/data';
import type { LogMel } from './log-mel';
import { applyMelFilters, kaldiMelFilters, type MelFilters } from './mel-filters';
import { realFft } from './real-fft';
import { poveyWindow } from './windows';

export interface KaldiFbankOptions {
  /** Hz; default 16000. */
  readonly sampleRate?: number;
  /** Default 128. */
  readonly mels?: number;
  /** Default 25. */
  readonly frameMilliseconds?: number;
  /** Default 10. */
  readonly shiftMilliseconds?: number;
}

const preemphasis = 0.97;
const smallestEnergy = 1.1920928955078125e-7;

/** The filters of {@link kaldiFbank}. */
export function kaldiFbankFilters(options: KaldiFbankOptions = {}): MelFilters {
  const { sampleRate, mels, fftLength } = sizes(options);
  return kaldiMelFilters({ sampleRate, fftLength, mels });
}

/**
 * Kaldi's log filter bank as `torchaudio.compliance.kaldi.fbank` computes it, without dither: whole frames only, mean
 * of each frame removed, pre-emphasis 0.97, Povey window, power spectrum, natural logarithm.
 *
 * @param samples - Waveform on the scale of 16-bit integers: -1..1 times 2^15.
 * @throws {InputError} Fewer samples than one frame (code `unsupported-size`).
 */
export function kaldiFbank(samples: Float32Array, options: KaldiFbankOptions = {}): LogMel {
  const { frameLength, shift, fftLength, mels } = sizes(options);
  if (samples.length < frameLength) {
    throw new InputError('samples', `at least ${frameLength} samples, one frame`, `${samples.length}`, {
      code: 'unsupported-size',
    });
  }
  const frames = 1 + Math.floor((samples.length - frameLength) / shift);
  const window = poveyWindow(frameLength);
  const { bins, forward } = realFft(fftLength);
  const frame = new Float64Array(fftLength);
  const real = new Float64Array(bins);
  const imaginary = new Float64Array(bins);
  const power = new Float64Array(frames * bins);
  for (let index = 0; index < frames; index++) {
    frame.set(samples.subarray(index * shift, index * shift + frameLength));
    emphasize(frame.subarray(0, frameLength), window);
    forward(frame, real, imaginary);
    for (let bin = 0; bin < bins; bin++) power[index * bins + bin] = real[bin]! ** 2 + imaginary[bin]! ** 2;
  }
  const energies = applyMelFilters(kaldiFbankFilters(options), power);
  return { frames, mels, data: Float32Array.from(energies, (energy) => Math.log(Math.max(energy, smallestEnergy))) };
}

/** Removes the mean, emphasizes high frequencies and applies the window, in place. */
function emphasize(frame: Float64Array, window: Float64Array): void {
  const mean = frame.reduce((sum, value) => sum + value, 0) / frame.length;
  for (let index = frame.length - 1; index >= 0; index--) {
    const previous = frame[Math.max(0, index - 1)]! - mean;
    frame[index] = (frame[index]! - mean - preemphasis * previous) * window[index]!;
  }
}

function sizes(options: KaldiFbankOptions) {
  const { sampleRate = 16_000, mels = 128, frameMilliseconds = 25, shiftMilliseconds = 10 } = options;
  const frameLength = Math.floor((sampleRate * frameMilliseconds) / 1000);
  const shift = Math.floor((sampleRate * shiftMilliseconds) / 1000);
  if (frameLength < 2 || shift < 1) {
    throw new InputError('options', 'frames of 2 samples or more, shifted by 1 or more', `${frameLength} and ${shift}`);
  }
  return { sampleRate, mels, frameLength, shift, fftLength: 2 ** Math.ceil(Math.log2(frameLength)) };
}
