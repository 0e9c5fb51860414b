import { describe, expect, it } from 'vitest';
import { temporaryFiles } from '../../test/temporary-files';
import { evaluateRecipe, permuteValues, weightTensor } from './evaluate-recipe';
import { permuteRecipe, reshapeRecipe, sliceRecipe } from './recipes';
import { storedFiles } from './stored-reader';
import { recipeIsInteger, recipeShape, type WeightRecipe } from './weight-recipe';

const files = temporaryFiles();
const never = () => Promise.reject(new Error('nothing is stored'));
const values = (shape: readonly number[], ...data: readonly number[]): WeightRecipe => ({
  kind: 'values',
  dtype: 'F32',
  shape,
  read: async () => Float32Array.from(data),
});
const six = values([2, 3], 1, 2, 3, 4, 5, 6);

async function result(recipe: WeightRecipe) {
  return { shape: recipeShape(recipe), data: [...(await evaluateRecipe(recipe, never))] };
}

describe('evaluateRecipe', () => {
  it('permutes', async () => {
    expect(await result({ kind: 'permute', of: six, axes: [1, 0] })).toEqual({
      shape: [3, 2],
      data: [1, 4, 2, 5, 3, 6],
    });
    const cube = values([2, 2, 2], 0, 1, 2, 3, 4, 5, 6, 7);
    expect(await result({ kind: 'permute', of: cube, axes: [2, 0, 1] })).toEqual({
      shape: [2, 2, 2],
      data: [0, 2, 4, 6, 1, 3, 5, 7],
    });
    expect([...permuteValues(Float32Array.of(7), [], [])]).toEqual([7]);
    expect([...permuteValues(new Float32Array(0), [2, 0], [1, 0])]).toEqual([]);
  });

  it('undoes a permutation by its inverse, for every order of four axes', () => {
    const shape = [2, 3, 4, 5];
    const data = Float32Array.from({ length: 120 }, (_, index) => index);
    const orders = [0, 1, 2, 3].flatMap((a) =>
      [0, 1, 2, 3].flatMap((b) => [0, 1, 2, 3].map((c) => [a, b, c, 6 - a - b - c])),
    );
    for (const axes of orders.filter((order) => new Set(order).size === 4)) {
      const there = permuteValues(data, shape, axes);
      const inverse = axes.map((_, axis) => axes.indexOf(axis));
      const back = permuteValues(
        there,
        axes.map((axis) => shape[axis]!),
        inverse,
      );
      expect(back).toEqual(data);
    }
  });

  it('reshapes, slices and stacks along any axis', async () => {
    expect(await result({ kind: 'reshape', of: six, shape: [3, 2] })).toEqual({
      shape: [3, 2],
      data: [1, 2, 3, 4, 5, 6],
    });
    expect(await result({ kind: 'slice', of: six, axis: 1, start: 1, size: 2 })).toEqual({
      shape: [2, 2],
      data: [2, 3, 5, 6],
    });
    const right = values([2, 1], 7, 8);
    expect(await result({ kind: 'concat', of: [six, right], axis: 1 })).toEqual({
      shape: [2, 4],
      data: [1, 2, 3, 7, 4, 5, 6, 8],
    });
    expect(await result({ kind: 'concat', of: [six, values([1, 3], 7, 8, 9)], axis: 0 })).toMatchObject({
      shape: [3, 3],
    });
  });

  it('folds weight norm over all axes but one', async () => {
    const v = values([2, 2], 3, 4, 0, 2);
    expect(await result({ kind: 'weight-norm', g: values([2, 1], 10, 1), v, axis: 0 })).toEqual({
      shape: [2, 2],
      data: [6, 8, 0, 1],
    });
    const { data } = await result({ kind: 'weight-norm', g: values([1, 2], 3, Math.sqrt(20)), v, axis: 1 });
    data.forEach((value, index) => expect(value).toBeCloseTo([3, 4, 0, 2][index]!, 6));
  });

  it('keeps integers', async () => {
    const ids: WeightRecipe = { kind: 'values', dtype: 'I32', shape: [2], read: async () => Int32Array.of(4, 5) };
    const doubled: WeightRecipe = { kind: 'concat', of: [ids, { kind: 'permute', of: ids, axes: [0] }], axis: 0 };
    expect(recipeIsInteger(doubled)).toBe(true);
    expect(await evaluateRecipe(doubled, never)).toEqual(Int32Array.of(4, 5, 4, 5));
  });

  it('reads stored bytes widened, at an offset', async () => {
    const file = await files.write(
      'stored',
      Uint8Array.of(9, 9, 9, ...new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x7bff).buffer)),
    );
    const reader = storedFiles();
    const half: WeightRecipe = { kind: 'stored', file, offset: 3, dtype: 'F16', shape: [3] };
    expect(await evaluateRecipe(half, reader.read)).toEqual(Float32Array.of(1, -2, 65504));
    const bytes: WeightRecipe = { kind: 'stored', file, offset: 0, dtype: 'U8', shape: [3] };
    expect(await evaluateRecipe(bytes, reader.read)).toEqual(Int32Array.of(9, 9, 9));
    await expect(
      evaluateRecipe({ kind: 'stored', file, offset: 6, dtype: 'F32', shape: [1] }, reader.read),
    ).rejects.toMatchObject({ code: 'malformed' });
    await reader.close();
    // Closed files are opened again when they are needed again.
    expect(await evaluateRecipe(half, reader.read)).toHaveLength(3);
    await reader.close();
  });

  it('is lazy, and stops at an abort', async () => {
    let reads = 0;
    const counted: WeightRecipe = {
      kind: 'values',
      dtype: 'F32',
      shape: [1],
      read: async () => Float32Array.of((reads += 1)),
    };
    const weight = weightTensor({ kind: 'reshape', of: counted, shape: [1, 1] }, never);
    expect([weight.shape, reads]).toEqual([[1, 1], 0]);
    await expect(weight.read(AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    expect(reads).toBe(0);
    await weight.read();
    expect(reads).toBe(1);
  });
});

describe('recipes', () => {
  const stored: WeightRecipe = { kind: 'stored', file: '/w', offset: 100, dtype: 'F16', shape: [4, 3] };

  it('leave no step where none is needed', () => {
    expect(permuteRecipe(six, [0, 1])).toBe(six);
    expect(permuteRecipe(permuteRecipe(six, [1, 0]), [1, 0])).toBe(six);
    expect(reshapeRecipe(stored, [12])).toEqual({ ...stored, shape: [12] });
    expect(sliceRecipe(stored, 0, 0, 4)).toBe(stored);
    expect(sliceRecipe(stored, 0, 2, 1)).toEqual({ ...stored, offset: 112, shape: [1, 3] });
    expect(sliceRecipe(stored, 1, 1, 2)).toMatchObject({ kind: 'slice' });
  });

  it('merge permutations in the right order', async () => {
    const cube = values([2, 1, 3], 0, 1, 2, 3, 4, 5);
    const merged = permuteRecipe(permuteRecipe(cube, [2, 0, 1]), [1, 2, 0]);
    const nested: WeightRecipe = {
      kind: 'permute',
      of: { kind: 'permute', of: cube, axes: [2, 0, 1] },
      axes: [1, 2, 0],
    };
    expect(await result(merged)).toEqual(await result(nested));
    const other = permuteRecipe(permuteRecipe(cube, [2, 0, 1]), [2, 1, 0]);
    expect(await result(other)).toEqual(
      await result({ kind: 'permute', of: { kind: 'permute', of: cube, axes: [2, 0, 1] }, axes: [2, 1, 0] }),
    );
  });
});
