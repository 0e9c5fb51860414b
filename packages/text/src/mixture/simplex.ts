import { InputError } from '@tesserae/core/data';

/** Coefficients of one column: row and value. */
export type SparseColumn = readonly (readonly [row: number, value: number])[];

/**
 * Maximizes `Σ gain · x` where `A x ≤ limits` and `x ≥ 0`, by the revised simplex method with the inverse of the basis.
 * Rows and columns can be added between solves, which then go on from where the last one ended.
 */
export interface Simplex {
  /** @param limit - At least 0. @returns Index of the row. */
  addRow(limit: number): number;
  /** A variable; all of its rows must have been added. */
  addColumn(column: SparseColumn, gain: number): number;
  /** @throws {InputError} The gain has no bound. */
  maximize(): void;
  /** Price of every row: what one more of its limit would gain. */
  prices(): Float64Array;
  objective(): number;
  values(): Float64Array;
}

const tolerance = 1e-9;
/** Pivots after which the inverse is computed anew, so that rounding does not add up. */
const refreshEvery = 100;

export function createSimplex(): Simplex {
  const columns: SparseColumn[] = [];
  const gains: number[] = [];
  const limits: number[] = [];
  /** Variable of every row: a column, or `-1 - row` for the slack of a row. */
  const basis: number[] = [];
  const isBasic: boolean[] = [];
  let inverse: Float64Array[] = [];
  let amounts: number[] = [];
  let pivots = 0;

  const gainOf = (variable: number): number => (variable < 0 ? 0 : gains[variable]!);

  const prices = (): Float64Array => {
    const out = new Float64Array(limits.length);
    for (const [row, variable] of basis.entries()) {
      const gain = gainOf(variable);
      if (gain === 0) continue;
      const line = inverse[row]!;
      for (let at = 0; at < out.length; at += 1) out[at]! += gain * line[at]!;
    }
    return out;
  };

  const inBasis = (variable: number): Float64Array => {
    const entries: SparseColumn = variable < 0 ? [[-1 - variable, 1]] : columns[variable]!;
    return Float64Array.from(inverse, (line) => entries.reduce((sum, [row, value]) => sum + line[row]! * value, 0));
  };

  /** The variable that gains most; with `isCareful` the first that gains, which cannot go in circles. */
  const entering = (isCareful: boolean): number | undefined => {
    const current = prices();
    let best: number | undefined;
    let most = tolerance;
    for (const [variable, column] of columns.entries()) {
      if (isBasic[variable]) continue;
      const gain = gains[variable]! - column.reduce((sum, [row, value]) => sum + current[row]! * value, 0);
      if (gain > most) {
        best = variable;
        if (isCareful) return best;
        most = gain;
      }
    }
    for (const [row, price] of current.entries()) {
      if (-price > most) {
        best = -1 - row;
        if (isCareful) return best;
        most = -price;
      }
    }
    return best;
  };

  const leaving = (column: Float64Array): number => {
    let best = -1;
    let smallest = Infinity;
    for (const [row, value] of column.entries()) {
      if (value <= tolerance) continue;
      const ratio = Math.max(0, amounts[row]!) / value;
      const isTie = Math.abs(ratio - smallest) <= 1e-12;
      if (ratio < smallest - 1e-12 || (isTie && rank(basis[row]!) < rank(basis[best]!))) {
        smallest = ratio;
        best = row;
      }
    }
    return best;
  };

  /** Order of variables for ties: columns first, then slacks. */
  const rank = (variable: number): number => (variable < 0 ? 1e9 - variable : variable);

  const pivot = (row: number, variable: number, column: Float64Array): void => {
    const line = inverse[row]!;
    const factor = 1 / column[row]!;
    for (let at = 0; at < line.length; at += 1) line[at]! *= factor;
    amounts[row] = amounts[row]! * factor;
    for (const [other, value] of column.entries()) {
      if (other === row || value === 0) continue;
      const target = inverse[other]!;
      for (let at = 0; at < line.length; at += 1) target[at]! -= value * line[at]!;
      amounts[other] = amounts[other]! - value * amounts[row]!;
    }
    if (basis[row]! >= 0) isBasic[basis[row]!] = false;
    basis[row] = variable;
    if (variable >= 0) isBasic[variable] = true;
    pivots += 1;
    if (pivots % refreshEvery === 0) refresh();
  };

  const refresh = (): void => {
    const size = limits.length;
    const matrix = Array.from({ length: size }, () => new Float64Array(size));
    for (const [at, variable] of basis.entries()) {
      const entries: SparseColumn = variable < 0 ? [[-1 - variable, 1]] : columns[variable]!;
      for (const [row, value] of entries) matrix[row]![at] = value;
    }
    inverse = invert(matrix);
    amounts = inverse.map((line) => line.reduce((sum, value, row) => sum + value * limits[row]!, 0));
  };

  return {
    addRow: (limit) => {
      if (!(limit >= 0)) throw new InputError('limit', 'a number of at least 0', String(limit));
      const row = limits.push(limit) - 1;
      inverse = inverse.map((line) => extended(line));
      const line = new Float64Array(row + 1);
      line[row] = 1;
      inverse.push(line);
      basis.push(-1 - row);
      amounts.push(limit);
      return row;
    },
    addColumn: (column, gain) => {
      isBasic.push(false);
      gains.push(gain);
      return columns.push(column) - 1;
    },
    maximize: () => {
      for (let stalled = 0; ;) {
        const variable = entering(stalled > 50);
        if (variable === undefined) return;
        const column = inBasis(variable);
        const row = leaving(column);
        if (row < 0) throw new InputError('simplex', 'a bounded gain', 'a gain without bound');
        stalled = amounts[row]! > tolerance ? 0 : stalled + 1;
        pivot(row, variable, column);
      }
    },
    prices,
    objective: () => basis.reduce((sum, variable, row) => sum + gainOf(variable) * amounts[row]!, 0),
    values: () => {
      const out = new Float64Array(columns.length);
      for (const [row, variable] of basis.entries()) if (variable >= 0) out[variable] = amounts[row]!;
      return out;
    },
  };
}

function extended(line: Float64Array): Float64Array {
  const longer = new Float64Array(line.length + 1);
  longer.set(line);
  return longer;
}

/** Inverse of a regular matrix of rows, by elimination with the largest pivot; the rows are used up. */
function invert(matrix: Float64Array[]): Float64Array[] {
  const size = matrix.length;
  const inverse = Array.from({ length: size }, (_, row) => {
    const line = new Float64Array(size);
    line[row] = 1;
    return line;
  });
  for (let column = 0; column < size; column += 1) {
    let best = column;
    for (let row = column + 1; row < size; row += 1) {
      if (Math.abs(matrix[row]![column]!) > Math.abs(matrix[best]![column]!)) best = row;
    }
    [matrix[column], matrix[best]] = [matrix[best]!, matrix[column]!];
    [inverse[column], inverse[best]] = [inverse[best]!, inverse[column]!];
    scale(matrix[column]!, inverse[column]!, 1 / matrix[column]![column]!);
    for (let row = 0; row < size; row += 1) {
      const factor = matrix[row]![column]!;
      if (row === column || factor === 0) continue;
      subtract(matrix[row]!, matrix[column]!, factor);
      subtract(inverse[row]!, inverse[column]!, factor);
    }
  }
  return inverse;
}

function scale(left: Float64Array, right: Float64Array, factor: number): void {
  for (let at = 0; at < left.length; at += 1) {
    left[at]! *= factor;
    right[at]! *= factor;
  }
}

function subtract(target: Float64Array, line: Float64Array, factor: number): void {
  for (let at = 0; at < target.length; at += 1) target[at]! -= factor * line[at]!;
}
