import type { MetricResult } from '@tesserae/core/metrics';
import { eachSpectrumPair } from './spectrum-pairs';

/** Samples of a transform, between frames, and of the window. */
const resolutions = [
  [1024, 120, 600],
  [2048, 240, 1200],
  [512, 50, 240],
] as const;

export interface StftDistance {
  /** Frobenius norm of the difference of magnitudes over that of the reference. */
  readonly spectralConvergence: number;
  /** Mean absolute difference of natural logarithms of magnitudes. */
  readonly logMagnitude: number;
}

/**
 * The multi-resolution STFT distance of Parallel WaveGAN (Yamamoto et al. 2020, section 2.2): the mean over three
 * resolutions of spectral convergence and of the distance of log magnitudes; the loss is their sum. The squares of
 * magnitudes are at least 1e-7. 0 for equal sounds.
 *
 * @param reference - Waveform, -1..1; published numbers are at 24000 Hz.
 * @param estimate - Of the same length, more than 1024 samples.
 * @throws {InputError} The lengths differ, are too short, or hold NaN.
 */
export function multiResolutionStft(reference: Float32Array, estimate: Float32Array): MetricResult<StftDistance> {
  let spectralConvergence = 0;
  let logMagnitude = 0;
  for (const [fftLength, hopLength, windowLength] of resolutions) {
    let difference = 0;
    let energy = 0;
    let logarithms = 0;
    let values = 0;
    eachSpectrumPair(reference, estimate, { fftLength, hopLength, windowLength }, (a, b) => {
      for (let bin = 0; bin < a.length; bin += 1) {
        const left = atLeast(a[bin]!);
        const right = atLeast(b[bin]!);
        difference += (left - right) ** 2;
        energy += left ** 2;
        logarithms += Math.abs(Math.log(left) - Math.log(right));
      }
      values += a.length;
    });
    spectralConvergence += Math.sqrt(difference / energy) / resolutions.length;
    logMagnitude += logarithms / values / resolutions.length;
  }
  return {
    value: { spectralConvergence, logMagnitude },
    protocol: {
      metric: 'multi-resolution-stft',
      implementation: 'parallel-wavegan',
      resolutions: resolutions.map((sizes) => [...sizes]),
    },
  };
}

const smallest = Math.sqrt(1e-7);
const atLeast = (magnitude: number): number => Math.max(magnitude, smallest);

/** Windows, samples; a quarter of one lies between frames. */
const windows = [2048, 512];

/**
 * The multi-scale STFT distance of DAC (audiotools' `MultiScaleSTFTLoss` with its defaults): sum over windows of 2048
 * and 512 samples of two mean absolute differences, of base-10 logarithms of squared magnitudes of at least 1e-5, and of
 * magnitudes.
 *
 * @param reference - Waveform, -1..1; published numbers are at 44100 Hz.
 * @param estimate - Of the same length, more than 1024 samples.
 * @throws {InputError} The lengths differ, are too short, or hold NaN.
 */
export function multiScaleStft(reference: Float32Array, estimate: Float32Array): MetricResult {
  let value = 0;
  for (const fftLength of windows) {
    let sum = 0;
    let values = 0;
    eachSpectrumPair(reference, estimate, { fftLength, hopLength: fftLength / 4 }, (a, b) => {
      for (let bin = 0; bin < a.length; bin += 1) {
        const [left, right] = [a[bin]!, b[bin]!];
        sum += Math.abs(left - right) + Math.abs(logPower(left) - logPower(right));
      }
      values += a.length;
    });
    value += sum / values;
  }
  return { value, protocol: { metric: 'multi-scale-stft', implementation: 'dac', windows } };
}

const logPower = (magnitude: number): number => Math.log10(Math.max(magnitude * magnitude, 1e-5));
