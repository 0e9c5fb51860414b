import { describe, expect, it } from 'vitest';
import { testClip, testIds } from './clip.mjs';

describe('test clips', () => {
  it('are as long as asked, the same every time, and neither silent nor clipped', () => {
    const { sampleRate, channels } = testClip(8000, 2.5);
    const [samples] = channels;
    expect([sampleRate, channels.length, samples!.length]).toEqual([8000, 1, 20_000]);
    expect(testClip(8000, 2.5).channels[0]).toEqual(samples);
    const peak = samples!.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    expect(peak).toBeGreaterThan(0.2);
    expect(peak).toBeLessThan(1);
  });
});

describe('test ids', () => {
  it('are spread over the codebook', () => {
    const ids = testIds(2, 500, 16);
    expect(ids).toHaveLength(1000);
    expect(new Set(ids)).toEqual(new Set(Array.from({ length: 16 }, (_, id) => id)));
  });
});
