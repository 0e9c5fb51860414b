import type { RandomSource } from '@tesserae/core/data';
import { type Matrix, rowCount, rowOf } from '../numeric/matrix';
import { innerProduct } from '../numeric/nearest-rows';
import { softmax } from '../numeric/softmax';
import { type Adam, createAdam } from './adam';

/** New rows as convex mixtures of fixed ones: `softmax(first · second) · fixed`. */
export interface ConvexRows {
  /** `[new rows, rank]`. */
  readonly first: Float64Array;
  /** `[rank, fixed rows]`. */
  readonly second: Float64Array;
  readonly rank: number;
  readonly fixed: Matrix;
  readonly optimizers: readonly [Adam, Adam];
}

/** Factors drawn from `[0, 1)`. */
export function createConvexRows(fixed: Matrix, newRows: number, rank: number, random: RandomSource): ConvexRows {
  const columns = rowCount('createConvexRows: fixed', fixed);
  const first = Float64Array.from(random.uniform(newRows * rank));
  const second = Float64Array.from(random.uniform(rank * columns));
  return { first, second, rank, fixed, optimizers: [createAdam(first.length), createAdam(second.length)] };
}

/** Weights of the fixed rows for one new row; they sum to 1. */
export function mixtureOf({ first, second, rank, fixed }: ConvexRows, row: number): Float64Array {
  const columns = second.length / rank;
  const logits = new Float64Array(fixed.values.length / fixed.columns);
  for (let inner = 0; inner < rank; inner += 1) {
    const factor = first[row * rank + inner]!;
    for (let column = 0; column < columns; column += 1) logits[column]! += factor * second[inner * columns + column]!;
  }
  return softmax(logits);
}

/** One row: a fixed one, or from `fixed rows` on a mixture. */
export function mixedRow(rows: ConvexRows, weights: Float64Array): Float64Array {
  const { fixed } = rows;
  const out = new Float64Array(fixed.columns);
  for (const [row, weight] of weights.entries()) {
    const values = rowOf(fixed, row);
    for (let column = 0; column < out.length; column += 1) out[column]! += weight * values[column]!;
  }
  return out;
}

/** Gradients of both factors. */
export interface FactorGradients {
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** Adds what the gradient of one new row means for the factors. */
export function addRowGradient(
  rows: ConvexRows,
  row: number,
  weights: Float64Array,
  gradient: Float64Array,
  into: FactorGradients,
): void {
  const { first, second, rank, fixed } = rows;
  const columns = second.length / rank;
  const slopes = weights.map((_, index) => innerProduct(gradient, rowOf(fixed, index)));
  const mean = innerProduct(weights, slopes);
  const logits = weights.map((weight, index) => weight * (slopes[index]! - mean));
  for (let inner = 0; inner < rank; inner += 1) {
    const at = inner * columns;
    into.first[row * rank + inner]! += innerProduct(logits, second.subarray(at, at + columns));
    const factor = first[row * rank + inner]!;
    for (let column = 0; column < columns; column += 1) into.second[at + column]! += factor * logits[column]!;
  }
}
