import { recipeShape, type StoredDtype, type WeightRecipe } from './weight-recipe';

const bytesPerElement: Readonly<Record<StoredDtype, number>> = {
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

export function storedBytesPerElement(dtype: StoredDtype): number {
  return bytesPerElement[dtype];
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** A reshape; contiguous stored bytes simply get the other shape, so that nothing is left to compute. */
export function reshapeRecipe(of: WeightRecipe, shape: readonly number[]): WeightRecipe {
  if (of.kind === 'stored') return { ...of, shape };
  return { kind: 'reshape', of, shape };
}

/** A permutation of axes; the identity disappears and two merge. */
export function permuteRecipe(of: WeightRecipe, axes: readonly number[]): WeightRecipe {
  if (axes.every((axis, index) => axis === index)) return of;
  if (of.kind === 'permute')
    return permuteRecipe(
      of.of,
      axes.map((axis) => of.axes[axis]!),
    );
  return { kind: 'permute', of, axes };
}

/** `size` entries of one axis from `start`; along the first axis of stored bytes it is an offset. */
export function sliceRecipe(of: WeightRecipe, axis: number, start: number, size: number): WeightRecipe {
  const shape = recipeShape(of);
  if (start === 0 && size === shape[axis]) return of;
  if (of.kind === 'stored' && axis === 0) {
    const rowBytes = elementCount(shape.slice(1)) * bytesPerElement[of.dtype];
    return { ...of, offset: of.offset + start * rowBytes, shape: [size, ...shape.slice(1)] };
  }
  return { kind: 'slice', of, axis, start, size };
}
