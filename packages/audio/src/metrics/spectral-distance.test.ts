import { describe, expect, it } from 'vitest';
import { vocosLogMel } from '../dsp/log-mel';
import { melDistance, multiScaleMelDistance } from './mel-distance';
import { multiResolutionStft, multiScaleStft } from './stft-distance';
import { waveformError } from './waveform-error';

/** A tone and noise of a linear congruential generator. */
function sound(length: number, seed: number, gain = 1): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, (_, index) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return gain * Math.fround(0.5 * Math.sin(index * 0.05) + 0.2 * (state / 2 ** 31 - 1));
  });
}
const reference = sound(5000, 1);
const estimate = sound(5000, 2, 0.8);

const distances = {
  mel: (a: Float32Array, b: Float32Array) => melDistance(a, b).value,
  'multi-scale mel': (a: Float32Array, b: Float32Array) => multiScaleMelDistance(a, b, { sampleRate: 44_100 }).value,
  'multi-scale STFT': (a: Float32Array, b: Float32Array) => multiScaleStft(a, b).value,
  'spectral convergence': (a: Float32Array, b: Float32Array) => multiResolutionStft(a, b).value.spectralConvergence,
  'log magnitude': (a: Float32Array, b: Float32Array) => multiResolutionStft(a, b).value.logMagnitude,
};

describe.each(Object.entries(distances))('%s', (_, distance) => {
  it('is 0 for the same sound, also for silence, and grows with the difference', () => {
    expect(distance(reference, reference)).toBe(0);
    expect(distance(new Float32Array(5000), new Float32Array(5000))).toBe(0);
    const near = reference.map((value) => value * 0.99);
    expect(distance(reference, near)).toBeGreaterThan(0);
    expect(distance(reference, estimate)).toBeGreaterThan(distance(reference, near));
  });

  it('refuses other lengths, too little and NaN by code', () => {
    const code = (a: Float32Array, b: Float32Array) => {
      try {
        return distance(a, b);
      } catch (error) {
        return (error as { readonly code?: string }).code;
      }
    };
    expect(code(reference, sound(5001, 1))).toBe('invalid-argument');
    expect(code(sound(10, 1), sound(10, 2))).toBe('unsupported-size');
    expect(code(new Float32Array(0), new Float32Array(0))).toBe('unsupported-size');
    expect(code(reference, Float32Array.from(reference).fill(Number.NaN, 9, 10))).toBe('not-finite');
  });
});

// The same formulas in PyTorch, float64.
describe('the published settings', () => {
  it('of DAC', () => {
    expect(distances['multi-scale STFT'](reference, estimate)).toBeCloseTo(3.951200823, 5);
    expect(distances['multi-scale mel'](reference, estimate)).toBeCloseTo(1.311940855, 5);
  });

  it('of Parallel WaveGAN', () => {
    expect(distances['spectral convergence'](reference, estimate)).toBeCloseTo(0.275803043, 6);
    expect(distances['log magnitude'](reference, estimate)).toBeCloseTo(0.727011604, 6);
  });

  it('of Vocos: the mean of the differences of its spectrograms, with either padding', () => {
    for (const padding of ['center', 'same'] as const) {
      const [a, b] = [reference, estimate].map((samples) => vocosLogMel(samples, { padding }).data);
      const mean = a!.reduce((sum, value, at) => sum + Math.abs(value - b![at]!), 0) / a!.length;
      expect(melDistance(reference, estimate, { padding }).value).toBeCloseTo(mean, 6);
    }
  });
});

describe('waveformError', () => {
  it('counts every sample', () => {
    const { value } = waveformError(Float32Array.of(1, -1, 1, -1), Float32Array.of(1, -1, 1, -0.5));
    expect(value).toEqual({ snr: 10 * Math.log10(4 / 0.25), l1: 0.125, rmse: 0.25 });
    expect(waveformError(reference, reference).value).toMatchObject({ snr: Number.POSITIVE_INFINITY, rmse: 0 });
    expect(waveformError(new Float32Array(4), new Float32Array(4)).value.snr).toBe(0);
    expect(() => waveformError(new Float32Array(0), new Float32Array(0))).toThrow(/one or more/);
  });
});
