import { InputError } from '@tesserae/core/data';

/**
 * The nearest probabilities to a list of numbers, most of which are 0 (sparsemax, arXiv 1602.02068).
 *
 * @throws {InputError} `not-finite`; no numbers.
 */
export function sparsemax(scores: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(scores);
  if (values.length === 0) throw new InputError('sparsemax', 'at least one number', 'none');
  if (!values.every((value) => Number.isFinite(value))) {
    throw new InputError('sparsemax', 'finite numbers', 'NaN or infinity', { code: 'not-finite' });
  }
  let sum = 0;
  let threshold = 0;
  for (const [index, value] of values.toSorted((a, b) => b - a).entries()) {
    sum += value;
    if (1 + (index + 1) * value <= sum) break;
    threshold = (sum - 1) / (index + 1);
  }
  return values.map((value) => Math.max(0, value - threshold));
}
