import { describe, expect, it } from 'vitest';
import { noiseAt } from './noise';

describe('noiseAt', () => {
  it('belongs to a place: a part is the same as in the whole', () => {
    const whole = noiseAt(5, 1, 0, 1000).data;
    for (const [from, count] of [
      [0, 1],
      [255, 2],
      [300, 600],
    ] as const) {
      expect([...noiseAt(5, 1, from, count).data]).toEqual([...whole.subarray(from, from + count)]);
    }
  });

  it('is standard normal, and another one for each seed and stage', () => {
    const count = 20_000;
    const draws = [noiseAt(0, 0, 0, count), noiseAt(0, 1, 0, count), noiseAt(1, 0, 0, count)].map(({ data }) => data);
    const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / count;
    const product = (a: ArrayLike<number>, b: ArrayLike<number>) => mean(Array.from(a, (value, at) => value * b[at]!));
    draws.forEach((data, index) => {
      expect(Math.abs(mean(data))).toBeLessThan(0.04);
      expect(product(data, data)).toBeCloseTo(1, 1);
      draws.slice(index + 1).forEach((other) => expect(Math.abs(product(data, other))).toBeLessThan(0.04));
    });
  });

  it.each([-1, 0.5, 2 ** 32, Number.NaN])('refuses the seed %d', (seed) => {
    expect(() => noiseAt(seed, 0, 0, 1)).toThrow('noise');
  });
});
