import type * as tf from '@tensorflow/tfjs-core';

export type StoredDtype = 'F64' | 'F32' | 'F16' | 'BF16' | 'I64' | 'I32' | 'I16' | 'I8' | 'U8' | 'BOOL';

/** Where the official bytes lie and how they become ours. */
export type WeightRecipe =
  /** Contiguous little-endian bytes of a real file (`file` is a resolved path, no symbolic link). */
  | {
      readonly kind: 'stored';
      readonly file: string;
      readonly offset: number;
      readonly dtype: StoredDtype;
      readonly shape: readonly number[];
    }
  /** Values that have to be read or made: strided, compressed, in memory, random. */
  | {
      readonly kind: 'values';
      readonly dtype: 'F32' | 'I32';
      readonly shape: readonly number[];
      read(signal?: AbortSignal): Promise<Float32Array | Int32Array>;
    }
  | { readonly kind: 'permute'; readonly of: WeightRecipe; readonly axes: readonly number[] }
  | { readonly kind: 'reshape'; readonly of: WeightRecipe; readonly shape: readonly number[] }
  | {
      readonly kind: 'slice';
      readonly of: WeightRecipe;
      readonly axis: number;
      readonly start: number;
      readonly size: number;
    }
  | { readonly kind: 'concat'; readonly of: readonly WeightRecipe[]; readonly axis: number }
  /** `g * v / |v|`, the norm over all axes but `axis`; `g` has the length of that axis (any number of 1s around it). */
  | { readonly kind: 'weight-norm'; readonly g: WeightRecipe; readonly v: WeightRecipe; readonly axis: number };

/**
 * A weight that has not been read yet. The compiled engine turns the recipe into an initializer and graph nodes
 * without reading anything; `read` is for eager engines: ranged, widened to float32 (integers to int32), recipe applied.
 */
export interface WeightTensor {
  readonly shape: readonly number[];
  readonly recipe: WeightRecipe;
  read(signal?: AbortSignal): Promise<Float32Array | Int32Array>;
}

/** The tree `P` with every tensor replaced by its lazy host form. */
export type Host<P> = P extends tf.Tensor
  ? WeightTensor
  : P extends readonly (infer E)[]
    ? readonly Host<E>[]
    : P extends object
      ? { readonly [K in keyof P]: Host<P[K]> }
      : P;

export function isWeightTensor(value: unknown): value is WeightTensor {
  return typeof value === 'object' && value !== null && 'recipe' in value && 'read' in value && 'shape' in value;
}

/** Shape of what a recipe yields. */
export function recipeShape(recipe: WeightRecipe): readonly number[] {
  switch (recipe.kind) {
    case 'stored':
    case 'values':
    case 'reshape':
      return recipe.shape;
    case 'permute': {
      const shape = recipeShape(recipe.of);
      return recipe.axes.map((axis) => shape[axis]!);
    }
    case 'slice':
      return recipeShape(recipe.of).map((length, axis) => (axis === recipe.axis ? recipe.size : length));
    case 'concat': {
      const shapes = recipe.of.map(recipeShape);
      const total = shapes.reduce((sum, shape) => sum + shape[recipe.axis]!, 0);
      return shapes[0]!.map((length, axis) => (axis === recipe.axis ? total : length));
    }
    case 'weight-norm':
      return recipeShape(recipe.v);
  }
}

/** Whether a recipe yields integers (int32) rather than float32. */
export function recipeIsInteger(recipe: WeightRecipe): boolean {
  switch (recipe.kind) {
    case 'stored':
      return !['F64', 'F32', 'F16', 'BF16'].includes(recipe.dtype);
    case 'values':
      return recipe.dtype === 'I32';
    case 'concat':
      return recipeIsInteger(recipe.of[0]!);
    case 'weight-norm':
      return false;
    default:
      return recipeIsInteger(recipe.of);
  }
}
