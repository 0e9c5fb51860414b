import { describe, expect, it } from 'vitest';
import { istft, magnitudes, stft } from './stft';
import { hannWindow } from './windows';

const tone = (length: number, period: number) =>
  Float32Array.from({ length }, (_, index) => Math.cos((2 * Math.PI * index) / period));

describe('stft', () => {
  it('finds a tone in its bin', () => {
    const spectrogram = stft(tone(1600, 16), { fftLength: 400, hopLength: 160 });
    expect([spectrogram.frames, spectrogram.bins]).toEqual([11, 201]);
    const row = magnitudes(spectrogram).subarray(5 * 201, 6 * 201);
    expect(row.indexOf(Math.max(...row))).toBe(25);
    expect(row[25]).toBeCloseTo(100, 4);
    expect(magnitudes(spectrogram, 2)[5 * 201 + 25]).toBeCloseTo(10_000, 2);
  });

  it.each([
    ['center', 1024, 256, 25 * 256],
    ['same', 1280, 320, 20 * 320],
    ['none', 64, 16, 64 + 30 * 16],
  ] as const)('comes back with %s padding', (padding, fftLength, hopLength, length) => {
    const samples = Float32Array.from({ length }, (_, index) => Math.sin(index * index * 0.37));
    const options = { fftLength, hopLength, padding };
    const back = istft(stft(samples, options), options);
    expect(back).toHaveLength(length);
    // Without padding the first sample has the weight 0.
    for (let index = 1; index < length; index++) expect(Math.abs(back[index]! - samples[index]!)).toBeLessThan(1e-9);
  });

  it('centers a window that is shorter than the transform', () => {
    const samples = Float32Array.from({ length: 16 }, (_, index) => index);
    const { frames, real } = stft(samples, {
      fftLength: 8,
      hopLength: 8,
      window: Float64Array.of(1, 1),
      padding: 'none',
    });
    expect(frames).toBe(2);
    expect([real[0], real[5]]).toEqual([3 + 4, 11 + 12]);
  });

  it('has no frame for a signal shorter than one', () => {
    expect(stft(new Float32Array(7), { fftLength: 8, hopLength: 2, padding: 'none' }).frames).toBe(0);
  });

  it('names what contradicts', () => {
    const samples = new Float32Array(100);
    expect(() => stft(samples, { fftLength: 400, hopLength: 160 })).toThrow(/more than 200 samples.*got 100/);
    expect(() => stft(samples, { fftLength: 8, hopLength: 0 })).toThrow(/hopLength/);
    expect(() => stft(samples, { fftLength: 8, hopLength: 2, window: hannWindow(9) })).toThrow(/at most 8/);
    const other = stft(samples, { fftLength: 16, hopLength: 4 });
    expect(() => istft(other, { fftLength: 8, hopLength: 4 })).toThrow(/5 bins/);
  });
});
