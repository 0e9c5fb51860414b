import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scanLines, scanPositions } from './scan-order';

describe('scanLines', () => {
  it('goes along rows, columns and diagonals', () => {
    const lines = (order: 'row' | 'column' | 'diagonal') => scanLines([2, 3], order).map((line) => [...line]);
    expect(lines('row')).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(lines('column')).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    expect(lines('diagonal')).toEqual([[0], [3, 1], [4, 2], [5]]);
    expect(scanLines([3], 'column').map((line) => [...line])).toEqual([[0], [1], [2]]);
    expect(scanLines([], 'row').map((line) => [...line])).toEqual([[0]]);
  });

  it('visits every position once', () => {
    const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });
    fc.assert(
      fc.property(shapes, fc.constantFrom('row' as const, 'column' as const, 'diagonal' as const), (shape, order) => {
        const positions = scanPositions(shape, order);
        expect([...positions].sort((a, b) => a - b)).toEqual([...positions.keys()]);
      }),
    );
  });
});
