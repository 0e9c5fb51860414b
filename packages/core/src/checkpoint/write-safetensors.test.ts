import { describe, expect, it } from 'vitest';
import { openCheckpoint } from './open-checkpoint';
import { writeSafetensors } from './write-safetensors';

describe('writeSafetensors', () => {
  const tensors = new Map([
    ['a', { shape: [2, 3], data: Float32Array.of(0, 1, -2.5, 1e-3, 65504, 3) }],
    ['b', { shape: [1], data: Int32Array.of(-7) }],
    ['empty', { shape: [0, 4], data: new Float32Array(0) }],
  ]);

  it('is read back', async () => {
    const checkpoint = await openCheckpoint(writeSafetensors(tensors, { metadata: { step: '3' } }));
    expect(checkpoint.keys()).toEqual(['a', 'b', 'empty']);
    expect(checkpoint.metadata).toMatchObject({ step: '3' });
    for (const [key, { shape, data }] of tensors) {
      expect(checkpoint.shape(key)).toEqual(shape);
      expect(await checkpoint.tensor(key).read()).toEqual(data);
    }
    await checkpoint.close();
  });

  it('stores halves, rounded to nearest', async () => {
    const checkpoint = await openCheckpoint(writeSafetensors(tensors, { dtype: 'F16' }));
    expect(checkpoint.dtype('a')).toBe('F16');
    expect(checkpoint.dtype('b')).toBe('I32');
    const values = await checkpoint.tensor('a').read();
    expect(values[2]).toBe(-2.5);
    expect(values[3]).toBeCloseTo(1e-3, 6);
    await checkpoint.close();
  });

  it('refuses wrong shapes and values too large for halves', () => {
    const one = (shape: number[], value: number) => new Map([['x', { shape, data: Float32Array.of(value) }]]);
    expect(() => writeSafetensors(one([2], 1))).toThrow('x: expected 2 values');
    expect(() => writeSafetensors(one([1], 7e4), { dtype: 'F16' })).toThrow('65504');
    expect(() => writeSafetensors(one([1], 7e4))).not.toThrow();
  });
});
