import { describe, expect, it } from 'vitest';
import { siSdr } from './si-sdr';
import { stoi } from './stoi';

const noise = (length: number, seed = 1) =>
  Float32Array.from({ length }, (_, index) => 0.3 * Math.sin(index * index * 0.7313 * seed) * Math.sin(index / 900));
const mix = (a: Float32Array, b: Float32Array, gain: number) => a.map((value, index) => value + gain * b[index]!);

describe('stoi', () => {
  it('is 1 for the same signal and falls with noise', () => {
    const clean = noise(20_000);
    for (const extended of [false, true]) {
      const score = (gain: number) =>
        stoi(clean, mix(clean, noise(20_000, 3), gain), { sampleRate: 10_000, extended }).value;
      expect(score(0)).toBeCloseTo(1, 6);
      expect(score(1)).toBeGreaterThan(score(4));
    }
  });

  it('does not hear the gain', () => {
    const clean = noise(24_000);
    const { value } = stoi(clean, mix(clean, clean, 2), { sampleRate: 16_000 });
    expect(value).toBeCloseTo(1, 6);
  });

  it('gives 1e-5 for less than 30 frames, nothing and silence', () => {
    for (const samples of [new Float32Array(0), noise(100), noise(3000)]) {
      expect(stoi(samples, samples, { sampleRate: 10_000 }).value).toBe(1e-5);
    }
    const silence = new Float32Array(20_000);
    expect(Number.isFinite(stoi(silence, silence, { sampleRate: 10_000, extended: true }).value)).toBe(true);
  });

  it('says what it is, and refuses other lengths', () => {
    const clean = noise(10_000);
    expect(stoi(clean, clean, { sampleRate: 10_000, extended: true }).protocol.metric).toBe('estoi');
    expect(() => stoi(clean, noise(9), { sampleRate: 10_000 })).toThrow(/10000 samples/);
    expect(() => stoi(clean, clean, { sampleRate: 0.5 })).toThrow(/whole number of Hz/);
  });
});

describe('siSdr', () => {
  it('is the ratio of the parts whatever the gain and offset', () => {
    const clean = Float32Array.of(1, -1, 1, -1);
    const other = Float32Array.of(1, 1, -1, -1);
    const estimate = mix(clean, other, 0.1).map((value) => 3 * value + 0.5);
    expect(siSdr(clean, estimate).value).toBeCloseTo(20, 4);
  });

  it('is finite or infinite, never NaN', () => {
    const silence = new Float32Array(4);
    const sound = Float32Array.of(1, -1, 0.5, 0);
    expect(siSdr(silence, silence).value).toBe(0);
    expect(siSdr(silence, sound).value).toBeLessThan(-100);
    expect(siSdr(sound, sound).value).toBeGreaterThan(60);
  });

  it('refuses other lengths', () => {
    expect(() => siSdr(new Float32Array(3), new Float32Array(4))).toThrow(/3 samples/);
    expect(() => siSdr(new Float32Array(0), new Float32Array(0))).toThrow(/one or more/);
  });
});
