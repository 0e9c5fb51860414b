import { elementCount } from './recipes';
import { recipeShape, type WeightRecipe, type WeightTensor } from './weight-recipe';

type Values = Float32Array | Int32Array;
type StoredRecipe = WeightRecipe & { readonly kind: 'stored' };

/** Reads contiguous bytes of a file and widens them to float32 or int32. */
export type StoredReader = (recipe: StoredRecipe, signal?: AbortSignal) => Promise<Values>;

/** One of the two interpreters of recipes: values on the host (the other, `emitRecipe`, makes graph nodes). */
export async function evaluateRecipe(
  recipe: WeightRecipe,
  readStored: StoredReader,
  signal?: AbortSignal,
): Promise<Values> {
  signal?.throwIfAborted();
  switch (recipe.kind) {
    case 'stored':
      return readStored(recipe, signal);
    case 'values':
      return recipe.read(signal);
    case 'reshape':
      return evaluateRecipe(recipe.of, readStored, signal);
    case 'permute':
      return permuteValues(await evaluateRecipe(recipe.of, readStored, signal), recipeShape(recipe.of), recipe.axes);
    case 'slice':
      return sliceValues(await evaluateRecipe(recipe.of, readStored, signal), recipeShape(recipe.of), recipe);
    case 'concat': {
      const parts: Values[] = [];
      for (const part of recipe.of) parts.push(await evaluateRecipe(part, readStored, signal));
      return concatValues(parts, recipe.of.map(recipeShape), recipe.axis);
    }
    case 'weight-norm': {
      const g = await evaluateRecipe(recipe.g, readStored, signal);
      const v = await evaluateRecipe(recipe.v, readStored, signal);
      return weightNormValues(g, v, recipeShape(recipe.v), recipe.axis);
    }
  }
}

/** A lazy weight over a recipe. */
export function weightTensor(recipe: WeightRecipe, readStored: StoredReader): WeightTensor {
  return { shape: recipeShape(recipe), recipe, read: (signal) => evaluateRecipe(recipe, readStored, signal) };
}

function emptyLike(values: Values, count: number): Values {
  return values instanceof Float32Array ? new Float32Array(count) : new Int32Array(count);
}

function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  return strides;
}

/** Values of `transpose(x, axes)`, row-major. */
export function permuteValues(values: Values, shape: readonly number[], axes: readonly number[]): Values {
  const sourceStrides = stridesOf(shape);
  const outShape = axes.map((axis) => shape[axis]!);
  const out = emptyLike(values, values.length);
  if (values.length === 0 || shape.length === 0) {
    out.set(values);
    return out;
  }
  const last = outShape.length - 1;
  const innerLength = outShape[last]!;
  const innerStride = sourceStrides[axes[last]!]!;
  const position = new Array<number>(last).fill(0);
  let source = 0;
  for (let target = 0; target < out.length; target += innerLength) {
    for (let i = 0; i < innerLength; i += 1) out[target + i] = values[source + i * innerStride]!;
    for (let axis = last - 1; axis >= 0; axis -= 1) {
      const stride = sourceStrides[axes[axis]!]!;
      position[axis] = position[axis]! + 1;
      source += stride;
      if (position[axis]! < outShape[axis]!) break;
      source -= stride * outShape[axis]!;
      position[axis] = 0;
    }
  }
  return out;
}

function sliceValues(
  values: Values,
  shape: readonly number[],
  { axis, start, size }: { readonly axis: number; readonly start: number; readonly size: number },
): Values {
  const inner = elementCount(shape.slice(axis + 1));
  const outer = elementCount(shape.slice(0, axis));
  const length = shape[axis]!;
  const out = emptyLike(values, outer * size * inner);
  for (let block = 0; block < outer; block += 1) {
    const from = (block * length + start) * inner;
    out.set(values.subarray(from, from + size * inner), block * size * inner);
  }
  return out;
}

function concatValues(parts: readonly Values[], shapes: readonly (readonly number[])[], axis: number): Values {
  const inner = elementCount(shapes[0]!.slice(axis + 1));
  const outer = elementCount(shapes[0]!.slice(0, axis));
  const out = emptyLike(
    parts[0]!,
    parts.reduce((sum, part) => sum + part.length, 0),
  );
  let position = 0;
  for (let block = 0; block < outer; block += 1) {
    parts.forEach((part, index) => {
      const row = shapes[index]![axis]! * inner;
      out.set(part.subarray(block * row, (block + 1) * row), position);
      position += row;
    });
  }
  return out;
}

function weightNormValues(g: Values, v: Values, shape: readonly number[], axis: number): Float32Array {
  const inner = elementCount(shape.slice(axis + 1));
  const length = shape[axis]!;
  const squares = new Float64Array(length);
  for (let i = 0; i < v.length; i += 1) {
    const channel = Math.floor(i / inner) % length;
    squares[channel] = squares[channel]! + v[i]! * v[i]!;
  }
  const out = new Float32Array(v.length);
  for (let i = 0; i < v.length; i += 1) {
    const channel = Math.floor(i / inner) % length;
    out[i] = (g[channel]! * v[i]!) / Math.sqrt(squares[channel]!);
  }
  return out;
}
