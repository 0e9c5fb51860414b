import { InputError } from '@tesserae/core/data';
import { type Matrix, rowCount, rowOf } from '../numeric/matrix';

/** How sure a model was of a sentence (visualizing uncertainty in translation, arXiv 2501.17187, section 3). */
export interface SentenceConfidence {
  /** Geometric mean of the probabilities of the tokens, 0..1. */
  readonly geometricMean: number;
  /** Arithmetic mean, 0..1. */
  readonly mean: number;
  /** The least probable token, 0..1. */
  readonly lowest: number;
}

/**
 * @param probabilities - Of the tokens that were chosen, 0..1.
 * @throws {InputError} No token, or what is no probability.
 */
export function sentenceConfidence(probabilities: ArrayLike<number>): SentenceConfidence {
  if (probabilities.length === 0) throw new InputError('probabilities', 'at least one token', 'none');
  let [logarithms, total, lowest] = [0, 0, 1];
  for (let index = 0; index < probabilities.length; index += 1) {
    const value = probabilities[index]!;
    if (!(value >= 0 && value <= 1)) throw new InputError('probabilities', 'numbers of 0..1', `${value} at ${index}`);
    logarithms += Math.log(value);
    total += value;
    lowest = Math.min(lowest, value);
  }
  const tokens = probabilities.length;
  return { geometricMean: Math.exp(logarithms / tokens), mean: total / tokens, lowest };
}

/**
 * Mean excess kurtosis of the distributions that tokens were chosen from: large where few tokens have almost all, near
 * that of a flat distribution where the model does not know.
 *
 * @param distributions - One row a token, `[tokens, vocabulary]`.
 * @returns 0 for rows without variance.
 * @throws {InputError} No row.
 */
export function distributionKurtosis(distributions: Matrix): number {
  const rows = rowCount('distributions', distributions);
  if (rows === 0) throw new InputError('distributions', 'at least one token', 'none');
  let total = 0;
  for (let row = 0; row < rows; row += 1) total += kurtosis(rowOf(distributions, row));
  return total / rows;
}

function kurtosis(values: Float32Array | Float64Array): number {
  const size = values.length;
  // The mean of equal numbers need not be that number.
  if (values.every((value) => value === values[0])) return 0;
  let mean = 0;
  for (const value of values) mean += value / size;
  let [second, fourth] = [0, 0];
  for (const value of values) {
    const squared = (value - mean) ** 2;
    second += squared / size;
    fourth += squared ** 2 / size;
  }
  return fourth / second ** 2 - 3;
}
