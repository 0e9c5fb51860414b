import { InputError, type RandomSource } from '@tesserae/core/data';
import { finiteRowCount, type Matrix } from './matrix';

/** Mean and standard deviation of every column. */
export interface ColumnMoments {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/**
 * @param correction - Subtracted from the number of rows in the variance: 0 as NumPy, 1 as PyTorch. A single row with
 *   correction 1 has deviation 0.
 * @throws {InputError} No rows, NaN or infinity.
 */
export function columnMoments(matrix: Matrix, correction: 0 | 1 = 0): ColumnMoments {
  const { values, columns } = matrix;
  const rows = finiteRowCount('columnMoments', matrix);
  if (rows === 0) throw new InputError('columnMoments', 'at least one row', 'none');
  const mean = new Float64Array(columns);
  const deviation = new Float64Array(columns);
  for (let at = 0; at < values.length; at += 1) mean[at % columns]! += values[at]! / rows;
  for (let at = 0; at < values.length; at += 1) deviation[at % columns]! += (values[at]! - mean[at % columns]!) ** 2;
  const divisor = Math.max(1, rows - correction);
  return { mean, deviation: deviation.map((sum) => Math.sqrt(sum / divisor)) };
}

/** One draw of independent normal numbers. */
export function drawRow({ mean, deviation }: ColumnMoments, random: RandomSource): Float64Array {
  const noise = random.normal(mean.length);
  return mean.map((value, column) => value + deviation[column]! * noise[column]!);
}
