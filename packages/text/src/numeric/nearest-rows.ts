import { InputError, ShapeError } from '@tesserae/core/data';
import { type Matrix, rowCount, rowOf } from './matrix';

/** Rows of a matrix and how near they are, nearest first. */
export interface NearestRows {
  readonly rows: Int32Array;
  readonly scores: Float64Array;
}

/**
 * The rows with the largest inner products with a vector, by looking at all of them; of equals the first.
 *
 * @param count - How many, at most as many as there are rows.
 * @throws {ShapeError} The vector has not as many numbers as the rows.
 */
export function nearestRows(query: ArrayLike<number>, matrix: Matrix, count: number): NearestRows {
  const total = rowCount('nearestRows: matrix', matrix);
  if (query.length !== matrix.columns) {
    throw new ShapeError('nearestRows: query', `${matrix.columns} numbers`, [query.length]);
  }
  if (!(count >= 1)) throw new InputError('count', 'a number of at least 1', String(count));
  const scores = Float64Array.from({ length: total }, (_, row) => innerProduct(query, rowOf(matrix, row)));
  const order = Int32Array.from({ length: total }, (_, row) => row).toSorted(
    (a, b) => scores[b]! - scores[a]! || a - b,
  );
  const rows = order.slice(0, count);
  return { rows, scores: Float64Array.from(rows, (row) => scores[row]!) };
}

export function innerProduct(left: ArrayLike<number>, right: ArrayLike<number>): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) sum += left[index]! * right[index]!;
  return sum;
}
