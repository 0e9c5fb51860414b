import { describe, expect, it } from 'vitest';
import { resampleSignal, toMono } from './mono';
import { resample, resampledLength, resampleKernel, streamResampler } from './resample';

const noise = (length: number) => Float32Array.from({ length }, (_, index) => Math.sin(index * index * 0.7313));
const rates = [8000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000];

describe('resample', () => {
  it('keeps a slow tone at every pair of rates', () => {
    for (const from of rates) {
      for (const to of rates) {
        const samples = Float32Array.from({ length: from / 25 }, (_, index) =>
          Math.sin((2 * Math.PI * 100 * index) / from),
        );
        const out = resample(samples, from, to);
        expect(out).toHaveLength(Math.ceil((samples.length * to) / from));
        for (let index = Math.ceil(to * 0.01); index < to * 0.03; index++) {
          expect(Math.abs(out[index]! - Math.sin((2 * Math.PI * 100 * index) / to))).toBeLessThan(4e-3);
        }
      }
    }
  });

  it('returns the same array at equal rates', () => {
    const samples = noise(5);
    expect(resample(samples, 24_000, 24_000)).toBe(samples);
  });

  it('gives nothing for nothing', () => {
    expect(resample(new Float32Array(0), 44_100, 24_000)).toHaveLength(0);
  });

  it('streams the same values for any chunks', () => {
    const samples = noise(5003);
    for (const [from, to] of [
      [44_100, 24_000],
      [16_000, 24_000],
      [48_000, 24_000],
      [24_000, 16_000],
      [24_000, 24_000],
    ] as const) {
      const whole = resample(samples, from, to);
      for (const chunk of [1, 7, 160, 4000, 9999]) {
        const stream = streamResampler(from, to);
        const parts: number[] = [];
        for (let at = 0; at < samples.length; at += chunk) parts.push(...stream.push(samples.subarray(at, at + chunk)));
        parts.push(...stream.end());
        expect(Float32Array.from(parts)).toEqual(whole);
      }
    }
  });

  it('gives the first output of a stream before its end', () => {
    const stream = streamResampler(44_100, 24_000);
    expect(stream.push(noise(1000)).length).toBeGreaterThan(400);
  });

  it('refuses rates that are no rates, and pairs without a common divisor', () => {
    const samples = noise(10);
    for (const rate of [0, -1, 0.5, Number.NaN, 1e9]) expect(() => resample(samples, rate, 24_000)).toThrow(/Hz/);
    expect(() => resample(samples, 24_000, 24_000.5)).toThrow(/Hz/);
    expect(() => resampleKernel(767_999, 768_001)).toThrow(/in common/);
  });

  it('knows the length beforehand', () => {
    expect(resampledLength(3001, 44_100, 24_000)).toBe(1634);
    expect(resampledLength(1, 1, 768_000)).toBe(768_000);
  });
});

describe('toMono', () => {
  const stereo = {
    modality: 'audio',
    sampleRate: 8000,
    channels: [Float32Array.of(1, 0.5), Float32Array.of(0, -0.25)],
  } as const;

  it('follows the policy', () => {
    expect([...toMono(stereo)]).toEqual([0.5, 0.125]);
    expect(toMono(stereo, 'first')).toBe(stereo.channels[0]);
    expect([...toMono(stereo, 'sum-sqrt')]).toEqual([Math.fround(Math.SQRT1_2), Math.fround(0.25 / Math.SQRT2)]);
  });

  it('refuses a signal without channels', () => {
    expect(() => toMono({ ...stereo, channels: [] })).toThrow(/at least one channel/);
  });

  it('comes before or after resampling of every channel', () => {
    const signal = { ...stereo, channels: [noise(100), noise(100)] };
    const { channels, sampleRate } = resampleSignal(signal, 16_000);
    expect([sampleRate, channels.length, channels[0]!.length]).toEqual([16_000, 2, 200]);
  });
});
