import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostFrequent } from './symbol-counts';

describe('mostFrequent', () => {
  it('gives the front of the sorted list', () => {
    const entries = fc.uniqueArray(fc.tuple(fc.nat(50), fc.integer({ min: 1, max: 4 })), {
      selector: ([symbol]) => symbol,
    });
    fc.assert(
      fc.property(entries, fc.nat(12), (list, limit) => {
        const counts = new Map(list);
        expect(mostFrequent(counts, limit)).toEqual(mostFrequent(counts, counts.size).slice(0, limit));
      }),
    );
    expect(
      mostFrequent(
        new Map([
          [7, 1],
          [3, 2],
          [5, 1],
        ]),
        2,
      ),
    ).toEqual([
      [3, 2],
      [5, 1],
    ]);
  });
});
