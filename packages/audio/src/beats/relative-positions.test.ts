import * as tf from '@tensorflow/tfjs-core';
import { useLeakGuard } from '@tesserae/core/test';
import { describe, expect, it } from 'vitest';
import { onCpu } from '../../test/on-cpu';
import { relativeBuckets, relativeRows, relativeScores } from './relative-positions';

/** Of one distance, `key - query`. */
function bucket(distance: number, buckets: number, maximumDistance: number): number {
  const reach = Math.abs(distance);
  return relativeBuckets(reach + 1, { buckets, maximumDistance })[distance > 0 ? 2 * reach : 0]!;
}

describe('buckets of distances', () => {
  it('are their own up to a quarter of all, and those ahead have the second half', () => {
    expect([...relativeBuckets(4, { buckets: 320, maximumDistance: 800 })]).toEqual([3, 2, 1, 0, 161, 162, 163]);
    expect([bucket(-79, 320, 800), bucket(-80, 320, 800), bucket(80, 320, 800)]).toEqual([79, 80, 240]);
    expect([...relativeBuckets(1, { buckets: 4, maximumDistance: 2 })]).toEqual([0]);
  });

  it('grow with the logarithm, exactly where it is a whole number', () => {
    // 16 ^ (20 / 80), ^ (40 / 80) and ^ (60 / 80) are 2, 4 and 8.
    expect([160, 159, 320, 319, 640, 639].map((distance) => bucket(-distance, 320, 1280))).toEqual([
      100, 99, 120, 119, 140, 139,
    ]);
  });

  it.each([
    [320, 800],
    [32, 64],
    [7, 50],
  ])('%i of them end at a distance of %i', (buckets, maximumDistance) => {
    const half = Math.floor(buckets / 2);
    const all = relativeBuckets(3 * maximumDistance, { buckets, maximumDistance });
    const behind = [...all.subarray(0, 3 * maximumDistance)].toReversed();
    expect(behind.every((value, index) => index === 0 || value >= behind[index - 1]!)).toBe(true);
    expect(behind.slice(maximumDistance).every((value) => value === half - 1)).toBe(true);
    expect(behind[Math.floor(maximumDistance * 0.1)]).toBeLessThan(half - 1);
    const ahead = [...all.subarray(3 * maximumDistance)];
    expect(ahead).toEqual(behind.slice(1).map((value) => half + value));
  });
});

describe('rows of scores', () => {
  useLeakGuard();
  const config = { buckets: 8, maximumDistance: 5, gated: false };
  const [heads, table] = [2, Array.from({ length: 16 }, (_, index) => Math.sin(index))];

  it.each([
    [1, 0, 1],
    [9, 0, 9],
    [9, 3, 7],
    [9, 8, 9],
    [9, 0, 1],
    [9, 7, 9],
  ])('of %i tokens, %i to %i, are those of the table', async (length, start, end) => {
    const actual = await onCpu(() => {
      const scores = relativeScores(tf.tensor2d(table, [8, heads]), length, config);
      return relativeRows(scores, tf.fill([1, heads, end - start, 1], 2), start);
    });
    const expected = Array.from({ length: heads }, (_, head) =>
      Array.from({ length: end - start }, (__, row) =>
        Array.from({ length }, (___, key) => table[bucket(key - (start + row), 8, 5) * heads + head]!),
      ),
    ).flat(2);
    expect(actual).toEqual(expected.map((score) => 2 * Math.fround(score)));
  });
});
