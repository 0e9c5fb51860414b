import { InputError, ShapeError } from '@tesserae/core/data';
import { finiteRowCount, type Matrix, rowCount } from './matrix';

/** `matrix = left · diag(values) · rightᵀ`; singular values in descending order. */
export interface SingularValues {
  /** `[rows, columns]`, orthonormal columns. */
  readonly left: Matrix;
  readonly values: Float64Array;
  /** `[columns, columns]`, row-major: column `k` belongs to the value `k`. */
  readonly right: Matrix;
}

/**
 * Singular values of a matrix with at least as many rows as columns, by one-sided Jacobi rotations.
 *
 * Columns of `left` that belong to a value of 0 are completed to an orthonormal set.
 *
 * @throws {ShapeError} Fewer rows than columns.
 * @throws {InputError} `not-finite`.
 */
export function singularValues(matrix: Matrix): SingularValues {
  const { columns } = matrix;
  const rows = finiteRowCount('singularValues', matrix);
  if (rows < columns) throw new ShapeError('singularValues', `at least ${columns} rows`, [rows, columns]);
  const work = Float64Array.from(matrix.values);
  const right = new Float64Array(columns * columns);
  for (let column = 0; column < columns; column += 1) right[column * columns + column] = 1;
  for (let sweep = 0, isRotated = true; isRotated && sweep < 60; sweep += 1) {
    isRotated = false;
    for (let p = 0; p < columns; p += 1) {
      for (let q = p + 1; q < columns; q += 1) if (rotatePair(work, right, columns, p, q)) isRotated = true;
    }
  }
  return sortedResult(work, right, rows, columns);
}

/** Makes two columns orthogonal; false where they are already. */
function rotatePair(work: Float64Array, right: Float64Array, columns: number, p: number, q: number): boolean {
  let alpha = 0;
  let beta = 0;
  let gamma = 0;
  for (let at = 0; at < work.length; at += columns) {
    alpha += work[at + p]! ** 2;
    beta += work[at + q]! ** 2;
    gamma += work[at + p]! * work[at + q]!;
  }
  if (gamma === 0 || Math.abs(gamma) <= 1e-15 * Math.sqrt(alpha * beta)) return false;
  const zeta = (beta - alpha) / (2 * gamma);
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  rotate(work, columns, p, q, cosine, cosine * tangent);
  rotate(right, columns, p, q, cosine, cosine * tangent);
  return true;
}

function rotate(values: Float64Array, columns: number, p: number, q: number, cosine: number, sine: number): void {
  for (let at = 0; at < values.length; at += columns) {
    const [x, y] = [values[at + p]!, values[at + q]!];
    values[at + p] = cosine * x - sine * y;
    values[at + q] = sine * x + cosine * y;
  }
}

function sortedResult(work: Float64Array, right: Float64Array, rows: number, columns: number): SingularValues {
  const lengths = new Float64Array(columns);
  for (let at = 0; at < work.length; at += 1) lengths[at % columns]! += work[at]! ** 2;
  const norms = lengths.map(Math.sqrt);
  const order = Int32Array.from(norms.keys()).toSorted((a, b) => norms[b]! - norms[a]! || a - b);
  const pick = (source: Float64Array, count: number, scale: (column: number) => number) => {
    const out = new Float64Array(count * columns);
    for (const [to, from] of order.entries()) {
      for (let row = 0; row < count; row += 1) out[row * columns + to] = source[row * columns + from]! * scale(from);
    }
    return out;
  };
  const values = Float64Array.from(order, (column) => norms[column]!);
  const isNull = (column: number) => norms[column]! <= 1e-13 * values[0]!;
  const left = pick(work, rows, (column) => (isNull(column) ? 0 : 1 / norms[column]!));
  for (const [column, from] of order.entries()) if (isNull(from)) completeColumn(left, rows, columns, column);
  return { left: { values: left, columns }, values, right: { values: pick(right, columns, () => 1), columns } };
}

/** Fills a column of zeros with a unit vector that is orthogonal to the columns before it. */
function completeColumn(left: Float64Array, rows: number, columns: number, column: number): void {
  for (let seed = 0; seed < rows; seed += 1) {
    const vector = new Float64Array(rows);
    vector[seed] = 1;
    for (let pass = 0; pass < 2; pass += 1) {
      for (let other = 0; other < column; other += 1) {
        let product = 0;
        for (let row = 0; row < rows; row += 1) product += vector[row]! * left[row * columns + other]!;
        for (let row = 0; row < rows; row += 1) vector[row]! -= product * left[row * columns + other]!;
      }
    }
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    if (length < 0.5 / Math.sqrt(rows)) continue;
    for (let row = 0; row < rows; row += 1) left[row * columns + column] = vector[row]! / length;
    return;
  }
}

/**
 * The rotation (or reflection) `R` for which `|source · R - target|` is smallest: orthogonal Procrustes.
 *
 * @param source - `[pairs, dim]`. @param target - `[pairs, dim]`.
 * @returns `[dim, dim]`.
 * @throws {ShapeError} Matrices of different shapes.
 * @throws {InputError} `not-finite`; no pairs.
 */
export function orthogonalProcrustes(source: Matrix, target: Matrix): Matrix {
  const { columns } = source;
  const rows = rowCount('orthogonalProcrustes: source', source);
  if (target.columns !== columns || rowCount('orthogonalProcrustes: target', target) !== rows) {
    const shape = [target.values.length / target.columns, target.columns];
    throw new ShapeError('orthogonalProcrustes: target', `[${rows}, ${columns}]`, shape);
  }
  if (rows === 0) throw new InputError('orthogonalProcrustes', 'at least one pair', 'none');
  const product = new Float64Array(columns * columns);
  for (let at = 0; at < source.values.length; at += columns) {
    for (let i = 0; i < columns; i += 1) {
      for (let j = 0; j < columns; j += 1) product[i * columns + j]! += source.values[at + i]! * target.values[at + j]!;
    }
  }
  const { left, right } = singularValues({ values: product, columns });
  const transposed = new Float64Array(columns * columns);
  for (let i = 0; i < columns; i += 1) {
    for (let j = 0; j < columns; j += 1) transposed[j * columns + i] = right.values[i * columns + j]!;
  }
  return multiply(left, { values: transposed, columns });
}

/** Matrix product. */
export function multiply(left: Matrix, right: Matrix): Matrix {
  const rows = rowCount('multiply: left', left);
  if (rowCount('multiply: right', right) !== left.columns) {
    throw new ShapeError('multiply: right', `${left.columns} rows`, [right.values.length / right.columns]);
  }
  const values = new Float64Array(rows * right.columns);
  for (let row = 0; row < rows; row += 1) {
    for (let inner = 0; inner < left.columns; inner += 1) {
      const factor = left.values[row * left.columns + inner]!;
      if (factor === 0) continue;
      const from = inner * right.columns;
      const to = row * right.columns;
      for (let column = 0; column < right.columns; column += 1) {
        values[to + column]! += factor * right.values[from + column]!;
      }
    }
  }
  return { values, columns: right.columns };
}

/**
 * Rows in the space of their `dim` most important directions (of largest second moment, as fastText reduces its models).
 *
 * @throws {ShapeError} More directions than columns.
 */
export function reduceColumns(matrix: Matrix, dim: number): Matrix {
  const { columns } = matrix;
  if (!(dim >= 1 && dim <= columns)) throw new ShapeError('reduceColumns: dim', `1..${columns}`, [dim]);
  const moments = new Float64Array(columns * columns);
  for (let at = 0; at < matrix.values.length; at += columns) {
    for (let i = 0; i < columns; i += 1) {
      for (let j = 0; j < columns; j += 1) moments[i * columns + j]! += matrix.values[at + i]! * matrix.values[at + j]!;
    }
  }
  const { right } = singularValues({ values: moments, columns });
  const directions = new Float64Array(columns * dim);
  for (let row = 0; row < columns; row += 1) {
    for (let column = 0; column < dim; column += 1) {
      directions[row * dim + column] = right.values[row * columns + column]!;
    }
  }
  return multiply(matrix, { values: directions, columns: dim });
}
