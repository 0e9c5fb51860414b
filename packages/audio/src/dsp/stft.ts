import { InputError } from '@tesserae/core/data';
import { type PaddingMode, padSignal } from './padding';
import { realFft } from './real-fft';
import { hannWindow } from './windows';

export interface StftOptions {
  /** Samples of a transform, at least the length of the window. */
  readonly fftLength: number;
  /** Samples between frames. */
  readonly hopLength: number;
  /** `[windowLength]`; default the periodic Hann window of `fftLength`. Shorter windows stand in the middle. */
  readonly window?: Float64Array;
  /**
   * `center` (default): frame n is centered at sample n * hop, as `torch.stft`; `same`: (window - hop) / 2 samples are
   * added at both ends, as Vocos does; `none`: whole frames only.
   */
  readonly padding?: 'center' | 'same' | 'none';
  /** Default `reflect`. */
  readonly paddingMode?: PaddingMode;
}

/** Complex values of a short-time Fourier transform, frame by frame. */
export interface Spectrogram {
  readonly frames: number;
  /** `floor(fftLength / 2) + 1`. */
  readonly bins: number;
  /** `[frames, bins]`. */
  readonly real: Float64Array;
  /** `[frames, bins]`. */
  readonly imaginary: Float64Array;
}

/**
 * Short-time Fourier transform in float64, not normalized.
 *
 * @param samples - `[n]`.
 * @throws {InputError} Sizes contradict each other, or the signal is too short to be mirrored.
 */
export function stft(samples: Float32Array | Float64Array, options: StftOptions): Spectrogram {
  const { fftLength, hopLength, window, margin } = checkOptions(options);
  const padded = padSignal(samples, margin, margin, options.paddingMode ?? 'reflect');
  const frames = padded.length < fftLength ? 0 : Math.floor((padded.length - fftLength) / hopLength) + 1;
  const { bins, forward } = realFft(fftLength);
  const real = new Float64Array(frames * bins);
  const imaginary = new Float64Array(frames * bins);
  const frame = new Float64Array(fftLength);
  for (let index = 0; index < frames; index++) {
    const start = index * hopLength;
    for (let sample = 0; sample < fftLength; sample++) frame[sample] = padded[start + sample]! * window[sample]!;
    const row = [index * bins, (index + 1) * bins] as const;
    forward(frame, real.subarray(...row), imaginary.subarray(...row));
  }
  return { frames, bins, real, imaginary };
}

/**
 * The signal of a short-time Fourier transform: windowed overlap-add divided by the sum of squared windows.
 *
 * @param spectrogram - Of the same options.
 * @returns `(frames - 1) * hop` samples for `center`, `frames * hop` for `same` (one more where window - hop is odd), all
 *   of them for `none`. Samples that no window reaches are 0.
 * @throws {InputError} Sizes contradict each other.
 */
export function istft({ frames, bins, real, imaginary }: Spectrogram, options: StftOptions): Float64Array {
  const { fftLength, hopLength, window, margin } = checkOptions(options);
  const plan = realFft(fftLength);
  if (plan.bins !== bins) throw new InputError('spectrogram', `${plan.bins} bins`, `${bins} bins`);
  const length = frames === 0 ? 0 : (frames - 1) * hopLength + fftLength;
  const sum = new Float64Array(length);
  const envelope = new Float64Array(length);
  const frame = new Float64Array(fftLength);
  for (let index = 0; index < frames; index++) {
    const row = [index * bins, (index + 1) * bins] as const;
    plan.inverse(real.subarray(...row), imaginary.subarray(...row), frame);
    const start = index * hopLength;
    for (let sample = 0; sample < fftLength; sample++) {
      const weight = window[sample]!;
      sum[start + sample]! += frame[sample]! * weight;
      envelope[start + sample]! += weight * weight;
    }
  }
  const end = Math.max(margin, length - margin);
  const out = sum.slice(margin, end);
  for (let index = 0; index < out.length; index++) {
    const weight = envelope[margin + index]!;
    out[index] = weight > 1e-11 ? out[index]! / weight : 0;
  }
  return out;
}

/** `[frames, bins]` absolute values, or their squares. */
export function magnitudes({ real, imaginary }: Spectrogram, power: 1 | 2 = 1): Float64Array {
  return real.map((value, index) => {
    const square = value * value + imaginary[index]! * imaginary[index]!;
    return power === 2 ? square : Math.sqrt(square);
  });
}

function checkOptions(options: StftOptions) {
  const { fftLength, hopLength, padding = 'center' } = options;
  for (const [name, value] of [
    ['fftLength', fftLength],
    ['hopLength', hopLength],
  ] as const) {
    if (!Number.isInteger(value) || value < 1)
      throw new InputError(name, 'a whole number of at least 1', String(value));
  }
  const own = options.window ?? hannWindow(fftLength);
  if (own.length > fftLength) {
    throw new InputError('window', `at most ${fftLength} samples (fftLength)`, `${own.length}`);
  }
  const window = new Float64Array(fftLength);
  window.set(own, Math.floor((fftLength - own.length) / 2));
  const overlap = Math.max(0, own.length - hopLength);
  const margin = { center: Math.floor(fftLength / 2), same: Math.floor(overlap / 2), none: 0 }[padding];
  return { fftLength, hopLength, window, margin };
}
