import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { keyValueHaystack } from './key-value-haystack';

describe('keyValueHaystack', () => {
  it.each(['forward', 'backward', 'random'] as const)('hides threads that go %s', (direction) => {
    const options = { pairs: 60, threads: 4, steps: 5, direction, random: mulberry32(3) };
    const { pairs, threads, text } = keyValueHaystack(options);
    const parsed = JSON.parse(text) as Record<string, string>;
    expect(Object.entries(parsed)).toEqual(pairs);
    expect(new Set(threads.flatMap(({ lines }) => lines)).size).toBe(20);
    for (const { path, lines } of threads) {
      expect(path).toHaveLength(6);
      for (const [step, key] of path.slice(0, -1).entries()) expect(parsed[key]).toBe(path[step + 1]);
      // The answer leads nowhere.
      expect(Object.hasOwn(parsed, path.at(-1)!)).toBe(false);
      const down = lines.toSorted((a, b) => a - b);
      expect([down, down.toReversed(), lines][['forward', 'backward', 'random'].indexOf(direction)]).toEqual(lines);
    }
  });
  it('writes UUIDs of version 4', () => {
    const { pairs, threads } = keyValueHaystack({ pairs: 5, random: mulberry32(1) });
    for (const uuid of pairs.flat())
      expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(threads[0]!.path).toEqual(pairs[threads[0]!.lines[0]!]);
  });
  it('rejects what does not fit', () => {
    const random = mulberry32(1);
    expect(() => keyValueHaystack({ pairs: 0, random })).toThrow(/pairs/);
    expect(() => keyValueHaystack({ pairs: 5, threads: 2, steps: 3, random })).toThrow(/at least 6/);
    expect(() => keyValueHaystack({ pairs: 5, steps: Number.NaN, random })).toThrow(/steps/);
  });
});
