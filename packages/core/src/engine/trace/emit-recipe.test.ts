import { describe, expect, it } from 'vitest';
import { evaluateRecipe } from '../../checkpoint/evaluate-recipe';
import { storedFiles } from '../../checkpoint/stored-reader';
import { recipeIsInteger, recipeShape, type StoredDtype, type WeightRecipe } from '../../checkpoint/weight-recipe';
import { modelFunction, type Tensors } from '../engine';
import { createOnnxEngine } from '../onnx/onnx-engine';
import { inFolder, recipeWeight, writeValues } from '../onnx/test-weights';
import { emitRecipe } from './emit-recipe';
import { createGraphRecorder } from './graph-recorder';
import { seededRandom, type Random } from './kernels/differential/random';

const count = 60;
const elementBytes: Readonly<Record<StoredDtype, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
};

/** A file whose bytes are finite in every type, and the offset of each. */
async function writeTypes(folder: string) {
  const floats = Float32Array.from({ length: count }, (_, index) => Math.sin(index + 1) + 1.25);
  const halves = Uint16Array.from({ length: count }, (_, index) => 0x3800 + index * 37);
  const integers = Int32Array.from({ length: count }, (_, index) => index * 3 - 70);
  const bytes = Uint8Array.from({ length: count }, (_, index) => index * 4);
  const all: readonly [StoredDtype, ArrayBufferView][] = [
    ['F64', Float64Array.from(floats, (value) => value / 3)],
    ['I64', BigInt64Array.from(integers, BigInt)],
    ['F32', floats],
    ['I32', integers],
    ['F16', halves],
    ['BF16', Uint16Array.from(halves, (value) => value + 0x780)],
    ['I16', Int16Array.from(integers)],
    ['I8', bytes],
    ['U8', bytes],
    ['BOOL', bytes.map((value) => value % 2)],
  ];
  const files = new Map<StoredDtype, { readonly file: string; readonly offset: number }>();
  for (const [dtype, values] of all) {
    const file = `${folder}/${dtype}`;
    files.set(dtype, { file, offset: await writeValues(file, values, 16) });
  }
  return files;
}

type Files = Awaited<ReturnType<typeof writeTypes>>;

/** A recipe of the given shape out of nested steps. */
function randomRecipe(
  random: Random,
  files: Files,
  shape: readonly number[],
  depth: number,
  integer: boolean,
): WeightRecipe {
  const inner = (innerShape: readonly number[]) => randomRecipe(random, files, innerShape, depth - 1, integer);
  const axis = random.integer(0, shape.length - 1);
  switch (depth === 0 ? 0 : random.integer(0, 5)) {
    case 1: {
      const axes = random.shuffle(shape.map((_, index) => index));
      const before: number[] = [];
      axes.forEach((from, index) => (before[from] = shape[index]!));
      return { kind: 'permute', of: inner(before), axes };
    }
    case 2:
      return { kind: 'reshape', of: inner([...shape, 1].reverse().length > 4 ? shape : [1, ...shape]), shape };
    case 3:
      return {
        kind: 'slice',
        of: inner(shape.with(axis, shape[axis]! + 2)),
        axis,
        start: random.integer(0, 2),
        size: shape[axis]!,
      };
    case 4:
      if (shape[axis]! < 2) return inner(shape);
      return { kind: 'concat', of: [inner(shape.with(axis, 1)), inner(shape.with(axis, shape[axis]! - 1))], axis };
    case 5:
      if (integer) return inner(shape);
      return {
        kind: 'weight-norm',
        g: inner(shape.map((length, index) => (index === axis ? length : 1))),
        v: inner(shape),
        axis,
      };
    default: {
      const elements = shape.reduce((product, length) => product * length, 1);
      const dtype = random.pick<StoredDtype>(
        integer ? ['I64', 'I32', 'I16', 'I8', 'U8', 'BOOL'] : ['F64', 'F32', 'F16', 'BF16'],
      );
      if (elements > count || random.chance(0.2)) {
        const values = Array.from({ length: elements }, () => random.integer(1, 9));
        return integer
          ? { kind: 'values', dtype: 'I32', shape, read: async () => Int32Array.from(values) }
          : { kind: 'values', dtype: 'F32', shape, read: async () => Float32Array.from(values) };
      }
      const { file, offset } = files.get(dtype)!;
      return {
        kind: 'stored',
        file,
        offset: offset + elementBytes[dtype] * random.integer(0, count - elements),
        dtype,
        shape,
      };
    }
  }
}

describe('emitRecipe', () => {
  it.each(['node', 'web'] as const)('gives what evaluateRecipe gives (onnxruntime-%s)', (runtime) =>
    inFolder(async (folder) => {
      const random = seededRandom(3);
      const files = await writeTypes(folder);
      const recipes = Array.from({ length: 80 }, (_, index) => {
        const shape = random.shape({ minRank: 1, maxRank: 3, maxLength: 3 });
        return randomRecipe(random, files, shape, random.integer(0, 4), index % 3 === 0);
      });
      const reader = storedFiles();
      const engine = await createOnnxEngine({ runtime });
      const fn = modelFunction(
        (weights: Tensors) => weights,
        (weights) => ({ ...weights }),
      );
      const run = await engine.load(
        fn,
        Object.fromEntries(recipes.map((recipe, index) => [`w${index}`, recipeWeight(recipe)])) as never,
      );
      const results = await run.run({});
      for (const [index, recipe] of recipes.entries()) {
        const expected = await evaluateRecipe(recipe, reader.read);
        const { shape, data } = results[`w${index}`]!;
        expect(shape).toEqual(recipeShape(recipe));
        expect(data instanceof Int32Array).toBe(recipeIsInteger(recipe));
        expected.forEach((value, element) =>
          expect(Math.abs(data[element]! - value)).toBeLessThanOrEqual(Math.abs(value) * 2e-6),
        );
      }
      await reader.close();
      await engine.dispose();
    }),
  );

  it('makes one initializer of a tensor that occurs twice', () => {
    const graph = createGraphRecorder();
    const stored: WeightRecipe = { kind: 'stored', file: '/w', offset: 0, dtype: 'F16', shape: [2, 3] };
    const first = emitRecipe(graph, { kind: 'permute', of: stored, axes: [1, 0] });
    expect(emitRecipe(graph, { kind: 'permute', of: { ...stored }, axes: [1, 0] })).toBe(first);
    expect(graph.nodes.map(({ op }) => op)).toEqual(['Cast', 'Transpose']);
    const values: WeightRecipe = { kind: 'values', dtype: 'F32', shape: [1], read: async () => new Float32Array(1) };
    expect(emitRecipe(graph, values)).toBe(emitRecipe(graph, values));
  });

  it('needs no node for a reshaped or twice permuted tensor', () => {
    const graph = createGraphRecorder();
    const stored: WeightRecipe = { kind: 'stored', file: '/w', offset: 0, dtype: 'F32', shape: [2, 3] };
    emitRecipe(graph, { kind: 'reshape', of: stored, shape: [3, 2] });
    const there: WeightRecipe = { kind: 'permute', of: stored, axes: [1, 0] };
    emitRecipe(graph, { kind: 'permute', of: there, axes: [1, 0] });
    expect(graph.nodes.filter(({ op }) => op !== 'Transpose')).toEqual([]);
  });
});
