import { InputError, ShapeError } from '@tesserae/core/data';

/** Numbers in rows, row-major: embeddings `[tokens, dim]`, logits `[positions, vocabulary]`. */
export interface Matrix {
  readonly values: Float32Array | Float64Array;
  /** Numbers of one row, at least 1. */
  readonly columns: number;
}

/**
 * Number of rows.
 *
 * @throws {ShapeError} The values are no whole number of rows.
 */
export function rowCount(name: string, { values, columns }: Matrix): number {
  if (!Number.isSafeInteger(columns) || columns < 1 || values.length % columns !== 0) {
    throw new ShapeError(name, `a whole number of rows of ${columns} columns`, [values.length]);
  }
  return values.length / columns;
}

/**
 * Number of rows of a matrix without NaN and infinity.
 *
 * @throws {ShapeError} The values are no whole number of rows.
 * @throws {InputError} `not-finite`.
 */
export function finiteRowCount(name: string, matrix: Matrix): number {
  const rows = rowCount(name, matrix);
  const at = matrix.values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    const place = `${matrix.values[at]} in row ${Math.floor(at / matrix.columns)}`;
    throw new InputError(name, 'finite values', place, { code: 'not-finite' });
  }
  return rows;
}

/** One row, a view. */
export function rowOf({ values, columns }: Matrix, row: number): Float32Array | Float64Array {
  return values.subarray(row * columns, (row + 1) * columns);
}
