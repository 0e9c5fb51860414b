import { describe, expect, it } from 'vitest';
import { finiteRowCount, rowCount } from './matrix';
import { nearestRows } from './nearest-rows';

const matrix = { values: Float32Array.of(1, 0, 0, 2, 1, 0), columns: 2 };

describe('nearestRows', () => {
  it('orders by inner product, equals by row', () => {
    expect(nearestRows([1, 0.1], matrix, 2)).toEqual({ rows: Int32Array.of(0, 2), scores: Float64Array.of(1, 1) });
    expect([...nearestRows([0, 1], matrix, 9).rows]).toEqual([1, 0, 2]);
  });

  it('refuses other widths and no neighbours', () => {
    expect(() => nearestRows([1], matrix, 1)).toThrow('2 numbers');
    expect(() => nearestRows([1, 2], matrix, 0)).toThrow('count');
  });
});

describe('matrices', () => {
  it('name what is wrong with them', () => {
    expect(() => rowCount('logits', { values: new Float32Array(3), columns: 2 })).toThrow('logits: expected a whole');
    expect(() => rowCount('logits', { values: new Float32Array(3), columns: 0 })).toThrow('rows of 0 columns');
    expect(() => finiteRowCount('vectors', { values: Float32Array.of(1, NaN), columns: 1 })).toThrow('NaN in row 1');
  });
});
