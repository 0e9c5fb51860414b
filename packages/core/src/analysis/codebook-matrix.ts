import { InputError } from '../errors/input-error';
import { ShapeError } from '../errors/shape-error';

/** Code vectors, row-major `[size, dim]`. */
export interface CodebookMatrix {
  readonly codes: Float32Array | Float64Array;
  /** Values of one code, at least 1. */
  readonly dim: number;
}

/**
 * Number of codes.
 *
 * @throws {ShapeError} The values are no whole number of codes.
 * @throws {InputError} `not-finite`.
 */
export function codebookSize(name: string, { codes, dim }: CodebookMatrix): number {
  if (!Number.isSafeInteger(dim) || dim < 1 || codes.length % dim !== 0) {
    throw new ShapeError(`${name}.codes`, `a multiple of dim = ${dim} values`, [codes.length]);
  }
  if (!codes.every((value) => Number.isFinite(value))) {
    throw new InputError(`${name}.codes`, 'finite values', 'NaN or infinity', { code: 'not-finite' });
  }
  return codes.length / dim;
}

/** `|a - b|²` of row `i` of one codebook and row `j` of another one of the same dim. */
export function squaredDistance(a: CodebookMatrix, i: number, b: CodebookMatrix, j: number): number {
  const { dim } = a;
  let sum = 0;
  for (let at = i * dim, other = j * dim, end = at + dim; at < end; at += 1, other += 1) {
    const difference = a.codes[at]! - b.codes[other]!;
    sum += difference * difference;
  }
  return sum;
}

/** The same codes at unit length; codes of length 0 stay. */
export function normalizedRows({ codes, dim }: CodebookMatrix): CodebookMatrix {
  const out = Float64Array.from(codes);
  for (let start = 0; start < out.length; start += dim) {
    const row = out.subarray(start, start + dim);
    const norm = Math.hypot(...row);
    if (norm > 0) row.forEach((value, index) => (row[index] = value / norm));
  }
  return { codes: out, dim };
}

/** The same codes less their mean, and the mean `[dim]`. */
export function centeredRows({ codes, dim }: CodebookMatrix): {
  readonly rows: Float64Array;
  readonly mean: Float64Array;
} {
  const size = codes.length / dim;
  const mean = new Float64Array(dim);
  for (const [index, value] of codes.entries()) {
    mean[index % dim]! += value / size;
  }
  return { rows: Float64Array.from(codes, (value, index) => value - mean[index % dim]!), mean };
}

/** `aᵀ b` of two lists of as many rows: `[dimA, dimB]`. */
export function crossProducts(a: Float64Array, dimA: number, b: Float64Array, dimB: number): Float64Array {
  const out = new Float64Array(dimA * dimB);
  const rows = a.length / dimA;
  for (let row = 0; row < rows; row += 1) {
    for (let i = 0; i < dimA; i += 1) {
      const left = a[row * dimA + i]!;
      for (let j = 0; j < dimB; j += 1) {
        out[i * dimB + j]! += left * b[row * dimB + j]!;
      }
    }
  }
  return out;
}
