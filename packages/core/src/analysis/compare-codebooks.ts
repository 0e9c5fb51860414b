import { InputError } from '../errors/input-error';
import { ShapeError } from '../errors/shape-error';
import type { MetricResult } from '../metrics/metric-result';
import { symmetricEigen } from '../metrics/symmetric-eigen';
import { effectiveRank } from './codebook-geometry';
import { centeredRows, type CodebookMatrix, codebookSize, crossProducts, squaredDistance } from './codebook-matrix';
import { codebookNeighbors } from './codebook-neighbors';

/** The linear map that takes the codes of one codebook nearest to those of another one. */
export interface CodebookAlignment {
  /** `[dimA, dimB]`: a row of `a` times this, plus the offset, is near the row of `b`. */
  readonly matrix: Float64Array;
  /** `[dimB]`. */
  readonly offset: Float64Array;
  /** Share of the variance of `b` that the map explains, at most 1. */
  readonly r2: number;
}

/**
 * Aligns two codebooks whose codes belong together row by row, by least squares with an offset; of several maps the
 * smallest one.
 *
 * @throws {InputError} Different numbers of codes, none, or a value that is not finite.
 * @throws {ShapeError} The values are no whole number of codes.
 */
export function alignCodebooks(a: CodebookMatrix, b: CodebookMatrix): CodebookAlignment {
  checkSameSize(a, b);
  const [from, to] = [centeredRows(a), centeredRows(b)];
  const products = crossProducts(from.rows, a.dim, to.rows, b.dim);
  const { values, vectors } = symmetricEigen(crossProducts(from.rows, a.dim, from.rows, a.dim), a.dim, true);
  const noise = Math.max(...values) * a.dim * Number.EPSILON;
  const matrix = new Float64Array(a.dim * b.dim);
  // Σ v (vᵀ aᵀ b) / λ over the eigenvectors that the codes span.
  for (const [index, value] of values.entries()) {
    if (value <= noise) continue;
    const vector = vectors!.subarray(index * a.dim, (index + 1) * a.dim);
    const projected = rowTimes(vector, products, b.dim);
    for (let at = 0; at < matrix.length; at += 1) {
      matrix[at]! += (vector[Math.floor(at / b.dim)]! * projected[at % b.dim]!) / value;
    }
  }
  const mapped = rowTimes(from.mean, matrix, b.dim);
  const offset = to.mean.map((value, at) => value - mapped[at]!);
  return { matrix, offset, r2: explainedShare(from.rows, to.rows, matrix, a.dim, b.dim) };
}

/**
 * Whether codes have the same neighbors in two codebooks whose codes belong together row by row: the mean share of the
 * nearest `count` codes that are among the nearest in the other one, 0..1. Unlike the alignment it sees bent maps too.
 *
 * @param options.count - Default 10, at most as many as there are other codes.
 * @throws {InputError} Different numbers of codes, fewer than 2, or `count` is out of range.
 * @throws {ShapeError} The values are no whole number of codes.
 */
export function neighborOverlap(
  a: CodebookMatrix,
  b: CodebookMatrix,
  options: { readonly count?: number } = {},
): MetricResult {
  const size = checkSameSize(a, b);
  const count = options.count ?? Math.min(10, size - 1);
  const [left, right] = [codebookNeighbors(a, count), codebookNeighbors(b, count)];
  let shared = 0;
  for (let start = 0; start < left.ids.length; start += count) {
    const near = new Set(left.ids.subarray(start, start + count));
    for (const code of right.ids.subarray(start, start + count)) {
      if (near.has(code)) shared += 1;
    }
  }
  return {
    value: shared / left.ids.length,
    protocol: { metric: 'neighbor-overlap', distance: 'euclidean', count, codes: size },
  };
}

/**
 * Share of the codes of `a` that are the nearest one of their own nearest code in `b`, 0..1: 1 for the same codes in
 * another order.
 *
 * @throws {ShapeError} Different dims, or the values are no whole number of codes.
 * @throws {InputError} A codebook has no codes, or a value is not finite.
 */
export function mutualNearest(a: CodebookMatrix, b: CodebookMatrix): MetricResult {
  const [sizeA, sizeB] = [codebookSize('a', a), codebookSize('b', b)];
  if (a.dim !== b.dim) {
    throw new ShapeError('b', `codes of ${a.dim} values, as those of a`, [sizeB, b.dim]);
  }
  if (sizeA === 0 || sizeB === 0) {
    throw new InputError('codebooks', 'at least one code in each', `${sizeA} and ${sizeB}`);
  }
  const nearest = (from: CodebookMatrix, code: number, to: CodebookMatrix, size: number): number => {
    let [best, distance] = [0, Number.POSITIVE_INFINITY];
    for (let other = 0; other < size; other += 1) {
      const own = squaredDistance(from, code, to, other);
      if (own < distance) [best, distance] = [other, own];
    }
    return best;
  };
  const back = Array.from({ length: sizeB }, (_, code) => nearest(b, code, a, sizeA));
  let mutual = 0;
  for (let code = 0; code < sizeA; code += 1) {
    if (back[nearest(a, code, b, sizeB)] === code) mutual += 1;
  }
  return {
    value: mutual / sizeA,
    protocol: { metric: 'mutual-nearest', distance: 'euclidean', codes: [sizeA, sizeB] },
  };
}

/** How alike two codebooks are whose codes belong together row by row. */
export interface CodebookComparison {
  /** r2 of {@link alignCodebooks}, both ways. */
  readonly alignment: { readonly forward: number; readonly backward: number };
  /** {@link neighborOverlap}, 0..1. */
  readonly overlap: number;
  /** {@link effectiveRank} of both, centered. */
  readonly effectiveRank: { readonly a: number; readonly b: number };
}

/**
 * Compares two codebooks: of two training runs, or before and after fine-tuning.
 *
 * @param options.count - Neighbors for the overlap.
 * @throws {InputError} Different numbers of codes, fewer than 2, or `count` is out of range.
 * @throws {ShapeError} The values are no whole number of codes.
 */
export function compareCodebooks(
  a: CodebookMatrix,
  b: CodebookMatrix,
  options: { readonly count?: number } = {},
): MetricResult<CodebookComparison> {
  const overlap = neighborOverlap(a, b, options);
  return {
    value: {
      alignment: { forward: alignCodebooks(a, b).r2, backward: alignCodebooks(b, a).r2 },
      overlap: overlap.value,
      effectiveRank: {
        a: effectiveRank(a, { centered: true }).value,
        b: effectiveRank(b, { centered: true }).value,
      },
    },
    protocol: { ...overlap.protocol, metric: 'compare-codebooks', alignment: 'least squares with offset' },
  };
}

function checkSameSize(a: CodebookMatrix, b: CodebookMatrix): number {
  const [sizeA, sizeB] = [codebookSize('a', a), codebookSize('b', b)];
  if (sizeA !== sizeB || sizeA === 0) {
    throw new InputError('b', `${Math.max(1, sizeA)} codes, as many as a has`, String(sizeB));
  }
  return sizeA;
}

/** A row `[dimA]` times a matrix `[dimA, dimB]`. */
function rowTimes(row: Float64Array, matrix: Float64Array, dimB: number): Float64Array {
  // A row of n values is also n rows of one value.
  return crossProducts(row, 1, matrix, dimB);
}

function explainedShare(
  from: Float64Array,
  to: Float64Array,
  matrix: Float64Array,
  dimA: number,
  dimB: number,
): number {
  let [residual, total] = [0, 0];
  for (let row = 0; row < to.length / dimB; row += 1) {
    const mapped = rowTimes(from.subarray(row * dimA, (row + 1) * dimA), matrix, dimB);
    for (let at = 0; at < dimB; at += 1) {
      const wanted = to[row * dimB + at]!;
      residual += (wanted - mapped[at]!) ** 2;
      total += wanted ** 2;
    }
  }
  return total === 0 ? 1 : 1 - residual / total;
}
