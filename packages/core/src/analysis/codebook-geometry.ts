import { InputError } from '../errors/input-error';
import type { MetricResult } from '../metrics/metric-result';
import { symmetricEigen } from '../metrics/symmetric-eigen';
import type { RandomSource } from '../random/random-source';
import { centeredRows, type CodebookMatrix, codebookSize, crossProducts, normalizedRows } from './codebook-matrix';
import { codebookNeighbors } from './codebook-neighbors';

/** Counts of values in bins of one width. */
export interface Histogram {
  readonly low: number;
  readonly high: number;
  /** The last bin contains `high`. */
  readonly counts: readonly number[];
  readonly mean: number;
  /** Values in all. */
  readonly total: number;
}

/**
 * Directions that a codebook uses: `exp(-Σ p ln p)` of its singular values divided by their sum, 1..dim; 0 for a codebook
 * whose codes are all the same (or 0, where they are not centered).
 *
 * @param options.centered - Whether the mean code is taken off first. Default false, as the definition has it.
 * @throws {ShapeError} The values are no whole number of codes.
 * @throws {InputError} A value is not finite.
 * @see Roy and Vetterli, The effective rank: a measure of effective dimensionality, 2007.
 */
export function effectiveRank(
  codebook: CodebookMatrix,
  { centered = false }: { readonly centered?: boolean } = {},
): MetricResult {
  const size = codebookSize('codebook', codebook);
  const { dim } = codebook;
  const rows = centered ? centeredRows(codebook).rows : Float64Array.from(codebook.codes);
  const squares = symmetricEigen(crossProducts(rows, dim, rows, dim), dim, false).values;
  // What is left of an eigenvalue of 0 would count as its root.
  const noise = Math.max(...squares) * dim * Number.EPSILON;
  const singular = squares.map((value) => (value > noise ? Math.sqrt(value) : 0));
  const sum = singular.reduce((all, value) => all + value, 0);
  const entropy = singular.reduce((all, value) => (value === 0 ? all : all - (value / sum) * Math.log(value / sum)), 0);
  return {
    value: sum === 0 ? 0 : Math.exp(entropy),
    protocol: { metric: 'effective-rank', spectrum: 'singular values', centered, codes: size, dim },
  };
}

export interface CosineHistogramOptions {
  /** Default 40, over -1..1. */
  readonly bins?: number;
  /** Draws so many pairs instead of counting all; needs `random`. */
  readonly pairs?: number;
  readonly random?: RandomSource;
}

/**
 * Cosines of all pairs of different codes. Codes of length 0 are left out.
 *
 * @throws {InputError} `bins` or `pairs` is no count, `pairs` comes without `random`, or a value is not finite.
 * @throws {ShapeError} The values are no whole number of codes.
 */
export function cosineHistogram(
  codebook: CodebookMatrix,
  { bins = 40, pairs, random }: CosineHistogramOptions = {},
): MetricResult<Histogram> {
  const size = codebookSize('codebook', codebook);
  checkCount('bins', bins);
  const { dim } = codebook;
  const { codes } = normalizedRows(codebook);
  const usable = Array.from({ length: size }, (_, code) => code).filter((code) =>
    codes.subarray(code * dim, (code + 1) * dim).some((value) => value !== 0),
  );
  const cosine = (a: number, b: number): number => {
    let sum = 0;
    for (let at = 0; at < dim; at += 1) {
      sum += codes[usable[a]! * dim + at]! * codes[usable[b]! * dim + at]!;
    }
    return Math.max(-1, Math.min(1, sum));
  };
  const histogram = collectHistogram(-1, 1, bins);
  if (pairs === undefined) {
    for (let a = 1; a < usable.length; a += 1) {
      for (let b = 0; b < a; b += 1) histogram.add(cosine(a, b));
    }
  } else {
    checkCount('pairs', pairs);
    if (random === undefined) throw new InputError('random', 'a random source, as pairs are drawn', 'none');
    if (usable.length >= 2) {
      const first = random.integers(0, usable.length, pairs);
      const step = random.integers(1, usable.length, pairs);
      first.forEach((a, index) => histogram.add(cosine(a, (a + step[index]!) % usable.length)));
    }
  }
  return {
    value: histogram.value(),
    protocol: { metric: 'cosine-histogram', bins, pairs: pairs ?? 'all', codes: size, dim },
  };
}

/**
 * Distance of each code to the nearest other one: codes on top of each other, and holes.
 *
 * @param options.bins - Default 40, over 0 to the largest distance.
 * @throws {InputError} Fewer than 2 codes, `bins` is no count, or a value is not finite.
 * @throws {ShapeError} The values are no whole number of codes.
 */
export function nearestCodeHistogram(
  codebook: CodebookMatrix,
  { bins = 40 }: { readonly bins?: number } = {},
): MetricResult<Histogram> {
  checkCount('bins', bins);
  const { size, distances } = codebookNeighbors(codebook, 1);
  const histogram = collectHistogram(0, Math.max(...distances), bins);
  distances.forEach((distance) => histogram.add(distance));
  return {
    value: histogram.value(),
    protocol: { metric: 'nearest-code-histogram', distance: 'euclidean', bins, codes: size, dim: codebook.dim },
  };
}

function collectHistogram(
  low: number,
  high: number,
  bins: number,
): { readonly add: (value: number) => void; readonly value: () => Histogram } {
  const counts = new Float64Array(bins);
  let [total, sum] = [0, 0];
  return {
    add: (value) => {
      const bin = high === low ? 0 : Math.floor(((value - low) / (high - low)) * bins);
      counts[Math.min(bins - 1, bin)]! += 1;
      total += 1;
      sum += value;
    },
    value: () => ({ low, high, counts: [...counts], mean: sum / total, total }),
  };
}

function checkCount(name: string, value: number): void {
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InputError(name, 'a whole number of at least 1', String(value));
  }
}
