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
const refreshEvery = 500;

interface Column {
  readonly rows: Int32Array;
  readonly values: Float64Array;
}

export function createSimplex(): Simplex {
  const columns: Column[] = [];
  const gains: number[] = [];
  const limits: number[] = [];
  /** Variable of every row: a column, or `-1 - row` for the slack of a row. */
  const basis: number[] = [];
  const isBasic: boolean[] = [];
  /** Lines have room for more rows than there are. */
  let inverse: Float64Array[] = [];
  let amounts: number[] = [];
  let pivots = 0;

  const gainOf = (variable: number): number => (variable < 0 ? 0 : gains[variable]!);
  const columnOf = (variable: number): Column => (variable < 0 ? slackColumn(-1 - variable) : columns[variable]!);

  const prices = (): Float64Array => {
    const out = new Float64Array(limits.length);
    for (let row = 0; row < basis.length; row += 1) {
      const gain = gainOf(basis[row]!);
      if (gain === 0) continue;
      const line = inverse[row]!;
      for (let at = 0; at < out.length; at += 1) out[at]! += gain * line[at]!;
    }
    return out;
  };

  /** The variable that gains most; with `isCareful` the first that gains, which cannot go in circles. */
  const entering = (isCareful: boolean): number | undefined => {
    const current = prices();
    let best: number | undefined;
    let most = tolerance;
    for (let variable = 0; variable < columns.length; variable += 1) {
      if (isBasic[variable]) continue;
      const gain = gains[variable]! - product(columns[variable]!, current);
      if (gain <= most) continue;
      best = variable;
      if (isCareful) return best;
      most = gain;
    }
    for (let row = 0; row < current.length; row += 1) {
      if (-current[row]! <= most) continue;
      best = -1 - row;
      if (isCareful) return best;
      most = -current[row]!;
    }
    return best;
  };

  const leaving = (column: Float64Array): number => {
    let best = -1;
    let smallest = Infinity;
    for (let row = 0; row < column.length; row += 1) {
      const value = column[row]!;
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

  const pivot = (row: number, variable: number, column: Float64Array): void => {
    const line = inverse[row]!;
    const factor = 1 / column[row]!;
    const entries = nonZero(line);
    for (const at of entries) line[at]! *= factor;
    amounts[row] = amounts[row]! * factor;
    for (let other = 0; other < column.length; other += 1) {
      const value = column[other]!;
      if (other === row || value === 0) continue;
      subtract(inverse[other]!, line, entries, value);
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
      const { rows, values } = columnOf(variable);
      rows.forEach((row, index) => (matrix[row]![at] = values[index]!));
    }
    inverse = invert(matrix);
    amounts = inverse.map((line) => line.reduce((sum, value, row) => sum + value * limits[row]!, 0));
  };

  return {
    addRow: (limit) => {
      if (!(limit >= 0)) throw new InputError('limit', 'a number of at least 0', String(limit));
      const row = limits.push(limit) - 1;
      const room = inverse[0]?.length ?? 0;
      if (row >= room) inverse = inverse.map((line) => extended(line, row * 2));
      const line = new Float64Array(Math.max(room, row * 2, 1));
      line[row] = 1;
      inverse.push(line);
      basis.push(-1 - row);
      amounts.push(limit);
      return row;
    },
    addColumn: (column, gain) => {
      isBasic.push(false);
      gains.push(gain);
      const rows = Int32Array.from(column, ([row]) => row);
      return columns.push({ rows, values: Float64Array.from(column, ([, value]) => value) }) - 1;
    },
    maximize: () => {
      for (let stalled = 0; ;) {
        const variable = entering(stalled > 50);
        if (variable === undefined) return;
        const added = columnOf(variable);
        const column = Float64Array.from(inverse, (line) => product(added, line));
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

const slackColumn = (row: number): Column => ({ rows: Int32Array.of(row), values: Float64Array.of(1) });

/** Order of variables for ties: columns first, then slacks. */
const rank = (variable: number): number => (variable < 0 ? 1e9 - variable : variable);

function product({ rows, values }: Column, line: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < rows.length; index += 1) sum += values[index]! * line[rows[index]!]!;
  return sum;
}

function subtract(target: Float64Array, line: Float64Array, entries: readonly number[], factor: number): void {
  for (let index = 0; index < entries.length; index += 1) target[entries[index]!]! -= factor * line[entries[index]!]!;
}

function extended(line: Float64Array, length: number): Float64Array {
  const longer = new Float64Array(length);
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
    const [line, inverseLine] = [matrix[column]!, inverse[column]!];
    const [entries, inverseEntries] = [nonZero(line), nonZero(inverseLine)];
    const factor = 1 / line[column]!;
    for (const at of entries) line[at]! *= factor;
    for (const at of inverseEntries) inverseLine[at]! *= factor;
    for (let row = 0; row < size; row += 1) {
      const share = matrix[row]![column]!;
      if (row === column || share === 0) continue;
      subtract(matrix[row]!, line, entries, share);
      subtract(inverse[row]!, inverseLine, inverseEntries, share);
    }
  }
  return inverse;
}

/** Where a line is not zero: most of the lines are nearly empty. */
function nonZero(line: Float64Array): number[] {
  const entries: number[] = [];
  for (let at = 0; at < line.length; at += 1) if (line[at] !== 0) entries.push(at);
  return entries;
}
