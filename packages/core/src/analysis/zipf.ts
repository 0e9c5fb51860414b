import { InputError } from '../errors/input-error';
import type { Json } from '../signal/signal';
import { countAccumulator } from './count-accumulator';
import { fitMandelbrot, type MandelbrotFit } from './mandelbrot';
import { fitSpectrum, type SpectrumFit } from './power-law';
import { rankedCounts } from './symbol-counts';
import type { TokenAccumulator } from './token-accumulator';

/** A straight line through `(ln x, ln y)`. */
export interface LogLogFit {
  /** Of `y = scale x^slope`. */
  readonly slope: number;
  readonly scale: number;
  /** Share of the variance of ln y that the line explains, 0..1. */
  readonly r2: number;
}

/** How the frequency of a code falls with its rank. Exponents are NaN where fewer than two codes occur. */
export interface ZipfFit {
  /** Codes that occur. */
  readonly types: number;
  /** Frequency ~ rank^-exponent by least squares of the logarithms: every rank weighs the same, the tail most. */
  readonly leastSquares: { readonly exponent: number; readonly r2: number };
  /** Ranks drawn with a probability of `rank^-exponent / Σ`, by maximum likelihood: every token weighs the same. */
  readonly maximumLikelihood: { readonly exponent: number };
  /** Frequencies themselves as a discrete power law. */
  readonly spectrum: SpectrumFit;
  /** `(rank + offset)^-exponent / Σ` by maximum likelihood. */
  readonly mandelbrot: MandelbrotFit;
}

/**
 * Fits Zipf's law to counted codes in three ways, and Mandelbrot's form of it.
 *
 * @param counts - How often each code occurs, whole numbers of at least 0, in any order.
 * @throws {InputError} A count is something else.
 * @see Zipf, Human behavior and the principle of least effort, 1949; Clauset, Shalizi and Newman, arXiv 0706.1062;
 *   Mandelbrot, An informational theory of the statistical structure of language, 1953.
 */
export function zipfFit(counts: Iterable<number>): ZipfFit {
  const ranked = rankFrequency(counts);
  const ranks = Float64Array.from(ranked, (_, index) => index + 1);
  const { slope, r2 } = logLogFit(ranks, ranked);
  return {
    types: ranked.length,
    leastSquares: { exponent: ranked.length < 2 ? Number.NaN : 0 - slope, r2 },
    maximumLikelihood: { exponent: fitMandelbrot(ranked, { offset: 0 }).exponent },
    spectrum: fitSpectrum(ranked),
    mandelbrot: fitMandelbrot(ranked),
  };
}

/** Counts above 0 in falling order. @throws {InputError} A count is no whole number of at least 0. */
export function rankFrequency(counts: Iterable<number>): Float64Array {
  const present = Float64Array.from(counts).filter((count) => count !== 0);
  const wrong = present.find((count) => !Number.isSafeInteger(count) || count < 0);
  if (wrong !== undefined) {
    throw new InputError('counts', 'whole numbers of at least 0', String(wrong));
  }
  return present.sort().reverse();
}

/** Least squares of `ln y` over `ln x`; all above 0. Slope NaN for fewer than two different x; r2 is 1 for equal y. */
export function logLogFit(x: Float64Array, y: Float64Array): LogLogFit {
  const [u, w] = [x.map(Math.log), y.map(Math.log)];
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanU, meanW] = [mean(u), mean(w)];
  let [uu, uw, ww] = [0, 0, 0];
  for (let index = 0; index < u.length; index += 1) {
    const [du, dw] = [u[index]! - meanU, w[index]! - meanW];
    uu += du * du;
    uw += du * dw;
    ww += dw * dw;
  }
  const slope = uw / uu;
  return { slope, scale: Math.exp(meanW - slope * meanU), r2: ww === 0 ? 1 : (uw * uw) / (uu * ww) };
}

/**
 * {@link zipfFit} of every level of a set of items.
 *
 * @param saved - What `toJSON` gave.
 */
export function zipfAccumulator(saved?: Json): TokenAccumulator<ZipfFit> {
  return countAccumulator(
    {
      metric: 'zipf',
      options: { leastSquares: 'all ranks, unweighted', spectrum: 'lowest frequency by Kolmogorov and Smirnov' },
      value: (counts) => zipfFit(rankedCounts(counts)),
    },
    saved,
  );
}
