import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { editDistance, textEditDistance } from './edit-distance';

describe('editDistance', () => {
  it('counts edits of code points', () => {
    expect(textEditDistance('kitten', 'sitting')).toBe(3);
    expect(textEditDistance('', 'abc')).toBe(3);
    expect(textEditDistance('😀a', '😁a')).toBe(1);
    expect(textEditDistance('\ud800', '\ud801')).toBe(1);
  });

  it('is a metric', () => {
    const random = mulberry32(5);
    const draw = () => random.integers(0, 3, random.integers(0, 9, 1)[0]!);
    for (let trial = 0; trial < 200; trial += 1) {
      const [a, b, c] = [draw(), draw(), draw()];
      const distance = editDistance(a, b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance === 0).toBe(a.length === b.length && a.every((value, index) => value === b[index]));
      expect(distance).toBeLessThanOrEqual(editDistance(a, c) + editDistance(c, b));
    }
  });

  it('is exact up to the limit and above it beyond', () => {
    const random = mulberry32(6);
    for (let trial = 0; trial < 200; trial += 1) {
      const [a, b] = [random.integers(0, 3, 8), random.integers(0, 3, 6)];
      const exact = editDistance(a, b);
      const limited = editDistance(a, b, 3);
      expect(Math.min(limited, 4)).toBe(Math.min(exact, 4));
    }
  });
});
