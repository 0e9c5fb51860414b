import { describe, expect, it } from 'vitest';
import { sound } from '../../test/tiny-models';
import { kaldiFbank } from '../dsp/kaldi-fbank';
import { beatsFilterBank, framesOfSamples, samplesOfFrames } from './filter-bank';

describe('the filter bank', () => {
  it('has whole frames only', () => {
    expect([0, 399, 400, 559, 560, 16_000].map(framesOfSamples)).toEqual([0, 0, 1, 1, 2, 98]);
    for (const frames of [1, 2, 16, 4097]) {
      expect(framesOfSamples(samplesOfFrames(frames))).toBe(frames);
      expect(framesOfSamples(samplesOfFrames(frames) - 1)).toBe(frames - 1);
    }
  });

  it('is the same in blocks, over their edges', () => {
    const samples = sound(samplesOfFrames(4100) + 7, { sampleRate: 16_000 }).channels[0]!;
    const { shape, data } = beatsFilterBank(samples);
    expect(shape).toEqual([1, 4100, 128]);
    const from = 4090;
    const end = samples.subarray(from * 160).map((value) => value * 32_768);
    const whole = kaldiFbank(end).data.map((energy) => (energy - 15.41663) / (2 * 6.55582));
    expect(data.subarray(from * 128)).toEqual(whole);
    expect(beatsFilterBank(samples, 3).data).toEqual(data.subarray(0, 3 * 128));
  });

  it('of silence is the least energy everywhere, also of a constant', () => {
    const least = (Math.log(1.1920928955078125e-7) - 15.41663) / (2 * 6.55582);
    for (const value of [0, 0.25]) {
      const { data } = beatsFilterBank(new Float32Array(800).fill(value));
      expect(Math.max(...data.map((energy) => Math.abs(energy - least)))).toBeLessThan(1e-6);
    }
  });

  it('refuses samples without finite energies', () => {
    const loud = new Float32Array(400).map((_, index) => (index % 2 === 0 ? 3e38 : -3e38));
    expect(() => beatsFilterBank(loud)).toThrow(
      expect.objectContaining({ name: 'InputError', code: 'not-finite' }) as Error,
    );
    expect(beatsFilterBank(loud.map((value) => value / 1e30)).data.every(Number.isFinite)).toBe(true);
  });
});
