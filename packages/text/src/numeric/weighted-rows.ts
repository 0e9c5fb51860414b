import { ShapeError } from '@tesserae/core/data';
import { type Matrix, rowCount, rowOf } from './matrix';

/** Rows of a source and how much of each; the other rows weigh nothing. */
export interface RowWeights {
  readonly rows: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
}

/**
 * `Σ weight · row` of a matrix.
 *
 * @throws {ShapeError} A row that the matrix has not.
 */
export function weightedRow({ rows, weights }: RowWeights, matrix: Matrix): Float64Array {
  const total = rowCount('weightedRow: matrix', matrix);
  const out = new Float64Array(matrix.columns);
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index]!;
    if (!(row >= 0 && row < total))
      throw new ShapeError('weightedRow: matrix', `a row ${row}`, [total, matrix.columns]);
    const values = rowOf(matrix, row);
    for (let column = 0; column < out.length; column += 1) out[column]! += weights[index]! * values[column]!;
  }
  return out;
}

/** Rows `[rows, columns]` from lists of numbers of equal length. */
export function matrixOfRows(rows: readonly ArrayLike<number>[], columns: number): Matrix {
  const values = new Float32Array(rows.length * columns);
  for (const [index, row] of rows.entries()) values.set(row, index * columns);
  return { values, columns };
}

/** Rows at unit length, divided by their length plus `epsilon`; rows of zeros stay. */
export function unitRows(matrix: Matrix, epsilon = 1e-8): Matrix {
  const rows = rowCount('unitRows', matrix);
  const values = Float64Array.from(matrix.values);
  for (let row = 0; row < rows; row += 1) {
    const part = values.subarray(row * matrix.columns, (row + 1) * matrix.columns);
    const length = Math.sqrt(part.reduce((sum, value) => sum + value * value, 0)) + epsilon;
    for (let column = 0; column < part.length; column += 1) part[column]! /= length;
  }
  return { values, columns: matrix.columns };
}

/** Whether a row has no number but 0. */
export const isZeroRow = (matrix: Matrix, row: number): boolean => rowOf(matrix, row).every((value) => value === 0);
