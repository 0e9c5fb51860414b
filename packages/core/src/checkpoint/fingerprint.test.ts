import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fingerprint, seedFingerprint } from './fingerprint';
import type { MappedTensor, WeightRole } from './weight-map';
import type { WeightRecipe } from './weight-recipe';

const never = () => Promise.reject(new Error('nothing is stored'));
const recipe = (data: Float32Array | Int32Array): WeightRecipe => ({
  kind: 'values',
  dtype: data instanceof Int32Array ? 'I32' : 'F32',
  shape: [data.length],
  read: async () => data,
});
const tensor = (key: string, data: Float32Array | Int32Array, role: WeightRole = 'kernel'): MappedTensor => ({
  key,
  shape: [data.length],
  role,
  recipe: recipe(data),
});
const ramp = (count: number) => Float32Array.from({ length: count }, (_, index) => index / 7);

describe('fingerprint', () => {
  it('is SHA-256 over key, shape and the first 64 values in key order, codebooks whole', async () => {
    const hash = createHash('sha256');
    hash.update('a[3]\n').update(new Uint8Array(ramp(3).buffer));
    hash.update('b[100]\n').update(new Uint8Array(ramp(64).buffer));
    hash.update('code[100]\n').update(new Uint8Array(ramp(100).buffer));
    const mapped = [tensor('code', ramp(100), 'codebook'), tensor('b', ramp(100)), tensor('a', ramp(3))];
    expect(await fingerprint(mapped, never)).toBe(hash.digest('hex').slice(0, 16));
    expect(await fingerprint(mapped.toReversed(), never)).toBe(await fingerprint(mapped, never));
  });

  it('does not see what lies beyond, except in codebooks', async () => {
    const print = (role: WeightRole, at: number) => {
      const data = ramp(100);
      data[at]! += 1;
      return fingerprint([tensor('a', data, role)], never);
    };
    expect(await print('kernel', 63)).not.toBe(await print('kernel', 64));
    expect(await print('kernel', 64)).toBe(await print('kernel', 99));
    expect(await print('codebook', 64)).not.toBe(await print('codebook', 99));
  });

  it('depends on names and shapes', async () => {
    const one = await fingerprint([tensor('a', ramp(4))], never);
    expect(await fingerprint([tensor('b', ramp(4))], never)).not.toBe(one);
    expect(await fingerprint([{ ...tensor('a', ramp(4)), shape: [2, 2] }], never)).not.toBe(one);
    expect(await fingerprint([tensor('a', Int32Array.of(1, 2))], never)).toBe(
      await fingerprint([tensor('a', Float32Array.of(1, 2))], never),
    );
  });

  it('reads only the rows that it covers of a stored matrix with its axes exchanged', async () => {
    for (const [rows, columns] of [
      [100, 5],
      [64, 3],
      [63, 4],
      [5, 2],
    ] as const) {
      const data = ramp(rows * columns);
      const exchanged = Float32Array.from(data, (_, at) => data[(at % rows) * columns + Math.floor(at / rows)]!);
      const of: WeightRecipe = { kind: 'stored', file: '/w', offset: 0, dtype: 'F32', shape: [rows, columns] };
      const whole = { ...recipe(exchanged), shape: [columns, rows] } as WeightRecipe;
      const matrix = { key: 'w', shape: [columns, rows], role: 'kernel' } as const;
      let asked = 0;
      const read = async ({ shape }: { readonly shape: readonly number[] }) => {
        asked = shape.reduce((product, length) => product * length, 1);
        return data.slice(0, asked);
      };
      const print = await fingerprint([{ ...matrix, recipe: { kind: 'permute', of, axes: [1, 0] } }], read);
      expect(print).toBe(await fingerprint([{ ...matrix, recipe: whole }], never));
      expect(asked).toBe(rows < 64 ? rows * columns : 64 * columns);
    }
  });

  it('reads no more of a file than it covers', async () => {
    const stored: WeightRecipe = { kind: 'stored', file: '/w', offset: 8, dtype: 'F16', shape: [1000, 1000] };
    const asked: (readonly number[])[] = [];
    const read = async ({ shape }: WeightRecipe & { readonly kind: 'stored' }) => {
      asked.push(shape);
      return new Float32Array(shape[0]!);
    };
    const whole = { key: 'w', shape: [1000, 1000], role: 'kernel', recipe: stored } as const;
    const pieces = [10, 40, 50].map((rows) => ({ ...stored, shape: [rows, 1] }) as WeightRecipe);
    const stacked = {
      key: 'x',
      shape: [100, 1],
      role: 'bias',
      recipe: { kind: 'concat', of: pieces, axis: 0 },
    } as const;
    await fingerprint([whole, stacked], read);
    expect(asked).toEqual([[64], [10], [40], [14]]);
  });

  it('stands for configuration and seed where weights are random', async () => {
    const prints = await Promise.all([
      seedFingerprint({ a: 1 }, 0),
      seedFingerprint({ a: 1 }, 1),
      seedFingerprint({}, 0),
    ]);
    expect(new Set(prints).size).toBe(3);
    for (const print of prints) expect(print).toMatch(/^[0-9a-f]{16}$/);
  });
});
