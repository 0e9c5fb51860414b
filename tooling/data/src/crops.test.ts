import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { cropSize, cutCrops, evenShares, gridCrops } from './crops';
import { lumaDeviation, type Raster } from './raster';

function noise(width: number, height: number): Raster {
  const data = Uint8Array.from(mulberry32(3).integers(0, 256, width * height * 3));
  return { width, height, data };
}

describe('gridCrops', () => {
  it('cuts all disjoint crops that fit and drops flat ones', () => {
    expect(gridCrops(noise(200, 130), mulberry32(1))).toHaveLength(6);
    const flat: Raster = { width: 128, height: 64, data: new Uint8Array(128 * 64 * 3).fill(90) };
    expect(gridCrops(flat, mulberry32(1))).toEqual([]);
  });
});

describe('cutCrops', () => {
  const plan = { shortSides: [64, 91, 128], jitter: 0, rounds: 2, limit: 100, maxScale: 1 };

  it('gives the same crops for the same seed', async () => {
    const [first, again, other] = await Promise.all(
      [7, 7, 8].map((seed) => cutCrops(noise(150, 140), plan, mulberry32(seed))),
    );
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
    expect(first!.every((crop) => crop.length === cropSize * cropSize * 3)).toBe(true);
  });

  it('never enlarges, and obeys the limit', async () => {
    expect(await cutCrops(noise(63, 200), plan, mulberry32(1))).toEqual([]);
    expect(await cutCrops(noise(100, 100), { ...plan, maxScale: 0.6 }, mulberry32(1))).toEqual([]);
    expect(await cutCrops(noise(150, 140), { ...plan, limit: 3 }, mulberry32(1))).toHaveLength(3);
    // 64 and 91 fit, 100 stands in for 128: one crop each, in both rounds.
    expect(await cutCrops(noise(100, 100), plan, mulberry32(1))).toHaveLength(6);
  });
});

describe('evenShares', () => {
  it('caps all files alike and hands out the rest', () => {
    expect(evenShares([2, 10, 10], 12)).toEqual([2, 5, 5]);
    expect(evenShares([2, 10, 10], 13)).toEqual([2, 6, 5]);
    expect(evenShares([1, 2], 50)).toEqual([1, 2]);
    expect(evenShares([], 50)).toEqual([]);
  });
});

describe('lumaDeviation', () => {
  it('is the deviation of a two-level picture', () => {
    expect(lumaDeviation(Uint8Array.of(10, 10, 10, 30, 30, 30))).toBeCloseTo(10, 6);
  });
});
