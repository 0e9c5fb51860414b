import { ShapeError } from '../../errors';

/** How axes are exchanged between official (PyTorch) layouts and ours. L is a length: tokens or samples. */
export type Layout =
  | 'as-is'
  | 'nchw-nhwc'
  | 'nhwc-nchw'
  | 'ncl-nlc'
  | 'nlc-ncl'
  | 'ncthw-nthwc'
  | 'nthwc-ncthw'
  | 'lnd-nld';

/** Output axis i is input axis `permutations[layout][i]`. */
const permutations: Readonly<Record<Exclude<Layout, 'as-is'>, readonly number[]>> = {
  'nchw-nhwc': [0, 2, 3, 1],
  'nhwc-nchw': [0, 3, 1, 2],
  'ncl-nlc': [0, 2, 1],
  'nlc-ncl': [0, 2, 1],
  'ncthw-nthwc': [0, 2, 3, 4, 1],
  'nthwc-ncthw': [0, 4, 1, 2, 3],
  'lnd-nld': [1, 0, 2],
};

/** Rank of the tensors that a layout fits; undefined for `as-is`, which fits all. */
export function layoutRank(layout: Layout): number | undefined {
  return layout === 'as-is' ? undefined : permutations[layout].length;
}

interface Arranged<Data> {
  readonly shape: readonly number[];
  readonly data: Data;
}

/**
 * Moves the axes of a row-major tensor.
 *
 * @throws {ShapeError} When the rank is not that of the layout.
 */
export function applyLayout<Data extends Float32Array | Float64Array | Int32Array>(
  tensor: Arranged<Data>,
  layout: Layout,
): Arranged<Data> {
  if (layout === 'as-is') return tensor;
  const axes = permutations[layout];
  if (tensor.shape.length !== axes.length) {
    throw new ShapeError(`layout ${layout}`, `${axes.length} axes`, tensor.shape);
  }
  const shape = axes.map((axis) => tensor.shape[axis]!);
  const inputStrides = strides(tensor.shape);
  const steps = axes.map((axis) => inputStrides[axis]!);
  const data = new (tensor.data.constructor as new (length: number) => Data)(tensor.data.length);
  const position = shape.map(() => 0);
  let from = 0;
  for (let at = 0; at < data.length; at += 1) {
    data[at] = tensor.data[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      position[axis] = position[axis]! + 1;
      from += steps[axis]!;
      if (position[axis]! < shape[axis]!) break;
      from -= steps[axis]! * shape[axis]!;
      position[axis] = 0;
    }
  }
  return { shape, data };
}

function strides(shape: readonly number[]): number[] {
  const result = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis -= 1) {
    result[axis] = result[axis + 1]! * shape[axis + 1]!;
  }
  return result;
}
