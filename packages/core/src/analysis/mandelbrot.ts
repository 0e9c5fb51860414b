import { maximize } from './golden-section';

/** `(rank + offset)^-exponent`, by maximum likelihood over the ranks that occur. */
export interface MandelbrotFit {
  /** 0 where all codes are equally frequent; NaN for fewer than two codes. */
  readonly exponent: number;
  /** 0..10 times the number of codes; at its upper end the frequencies fall exponentially rather than by a power. */
  readonly offset: number;
  /** Log likelihood, nats a token. */
  readonly logLikelihood: number;
}

/** Largest offset, in numbers of codes. */
const mostOffset = 10;
const steepest = 400;

/**
 * Fits the rank-frequency list of codes.
 *
 * @param ranked - Counts above 0 in falling order.
 * @param options.offset - Fixes it: with 0 the fit is Zipf's law. Default: the likeliest.
 */
export function fitMandelbrot(ranked: Float64Array, options: { readonly offset?: number } = {}): MandelbrotFit {
  if (ranked.length < 2) {
    return { exponent: Number.NaN, offset: 0, logLikelihood: 0 };
  }
  const total = ranked.reduce((sum, count) => sum + count, 0);
  const shares = ranked.map((count) => count / total);
  const at = (offset: number): MandelbrotFit => ({ offset, ...fitExponent(shares, offset) });
  if (options.offset !== undefined) {
    return at(options.offset);
  }
  // Offsets near 0 matter most: the search runs over their logarithm.
  const best = maximize(
    (place) => at(Math.expm1(place)).logLikelihood,
    0,
    Math.log1p(mostOffset * ranked.length),
    1e-3,
  );
  const [inner, zipf] = [at(Math.expm1(best)), at(0)];
  return zipf.logLikelihood >= inner.logLikelihood ? zipf : inner;
}

/** The exponent under which the mean of ln(rank + offset) is the observed one: Newton's steps inside a bracket. */
function fitExponent(
  shares: Float64Array,
  offset: number,
): { readonly exponent: number; readonly logLikelihood: number } {
  const logs = shares.map((_, index) => Math.log(index + 1 + offset));
  const target = shares.reduce((sum, share, index) => sum + share * logs[index]!, 0);
  let [low, high] = [0, steepest];
  let exponent = 1;
  let moments = momentsOf(logs, exponent);
  for (let step = 0; step < 100; step += 1) {
    const excess = moments.mean - target;
    if (excess > 0) low = exponent;
    else high = exponent;
    const newton = exponent + excess / moments.variance;
    const next = newton >= low && newton <= high ? newton : (low + high) / 2;
    const isDone = Math.abs(next - exponent) < 1e-10;
    exponent = next;
    moments = momentsOf(logs, exponent);
    if (isDone) break;
  }
  return { exponent, logLikelihood: -exponent * target - moments.logSum };
}

/** Mean and variance of the logarithms under weights `exp(-exponent · log)`, and the log of the sum of weights. */
function momentsOf(
  logs: Float64Array,
  exponent: number,
): { readonly mean: number; readonly variance: number; readonly logSum: number } {
  const first = logs[0]!;
  let [sum, linear, square] = [0, 0, 0];
  for (const log of logs) {
    const distance = log - first;
    const weight = Math.exp(-exponent * distance);
    sum += weight;
    linear += weight * distance;
    square += weight * distance * distance;
  }
  const mean = linear / sum;
  return { mean: first + mean, variance: square / sum - mean * mean, logSum: Math.log(sum) - exponent * first };
}
