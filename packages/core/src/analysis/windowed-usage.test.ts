import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexTokens } from '../../test/arbitrary-tokens';
import { InputError } from '../errors/input-error';
import { usageWindow, windowedUsageAccumulator } from './windowed-usage';

describe('usageWindow', () => {
  it('starts full of zeros and forgets the oldest', () => {
    const window = usageWindow(8, { window: 4 });
    expect(window.usage).toBe(1 / 8);
    window.add([3, 3]);
    expect([...window.ids]).toEqual([0, 0, 3, 3]);
    expect(window.usage).toBe(2 / 8);
    window.add([5, 6, 7]);
    expect([...window.ids]).toEqual([3, 5, 6, 7]);
    window.add([1, 1, 1, 1, 1, 2]);
    expect([...window.ids]).toEqual([1, 1, 1, 2]);
    expect(window.usage).toBe(2 / 8);
  });

  it('refuses other ids and sizes', () => {
    expect(() => usageWindow(8).add([8])).toThrow(InputError);
    expect(() => usageWindow(8, { window: 0 })).toThrow(InputError);
  });
});

describe('windowedUsageAccumulator', () => {
  it('gives what the window gives', () => {
    const items = fc.array(fc.array(fc.integer({ min: 0, max: 15 }), { maxLength: 12 }), { minLength: 1 });
    fc.assert(
      fc.property(items, fc.integer({ min: 1, max: 20 }), (lists, size) => {
        const window = usageWindow(16, { window: size });
        const accumulator = windowedUsageAccumulator({ window: size });
        for (const ids of lists) {
          window.add(ids);
          accumulator.add(indexTokens(ids));
        }
        const [value] = accumulator.value().value;
        expect(value!.usage).toBe(window.usage);
        expect(value!.filled).toBe(Math.min(size, lists.flat().length));
      }),
    );
  });
});
