import { maximize } from './golden-section';
import { hurwitzZeta } from './special-functions';

/** Frequencies f of at least `lowest` with a probability of `f^-alpha / ζ(alpha, lowest)`. */
export interface SpectrumFit {
  /** NaN where no two frequencies differ. */
  readonly alpha: number;
  /** The frequency from which the law holds: the one with the smallest distance. */
  readonly lowest: number;
  /** Codes that are at least so frequent. */
  readonly types: number;
  /** Largest distance of the cumulative distributions, 0..1. */
  readonly distance: number;
  /** `1 / (alpha - 1)`: the exponent of Zipf's law that goes with it. */
  readonly zipfExponent: number;
}

/** Candidates for the lowest frequency; more are thinned out evenly. */
const mostCandidates = 64;
/** Fewer codes than this cannot show a law. */
const fewestTypes = 10;
const [smallestAlpha, largestAlpha] = [1.000_001, 30];

/**
 * Fits a discrete power law to frequencies: exponent by maximum likelihood, lowest frequency by the distance of Kolmogorov
 * and Smirnov.
 *
 * @param ranked - Counts above 0 in falling order.
 * @param options.lowest - Fixes the lowest frequency.
 * @see Clauset, Shalizi and Newman, arXiv 0706.1062, sections 3.1 to 3.3.
 */
export function fitSpectrum(ranked: Float64Array, options: { readonly lowest?: number } = {}): SpectrumFit {
  const none = { alpha: Number.NaN, lowest: Number.NaN, types: 0, distance: Number.NaN, zipfExponent: Number.NaN };
  const candidates = options.lowest === undefined ? candidatesOf(ranked) : [options.lowest];
  const fits = candidates.flatMap((lowest) => {
    const tail = ranked.filter((count) => count >= lowest);
    return tail.length < 2 || tail[0] === tail.at(-1) ? [] : [fitTail(tail, lowest)];
  });
  return fits.reduce<SpectrumFit>((best, fit) => (fit.distance < best.distance || best.types === 0 ? fit : best), none);
}

/** Frequencies that leave at least {@link fewestTypes} codes, and the smallest one in any case. */
function candidatesOf(ranked: Float64Array): readonly number[] {
  const distinct = [...new Set(ranked)].reverse();
  const usable = distinct.filter((count) => count <= (ranked[fewestTypes - 1] ?? 0));
  if (usable.length === 0) {
    return distinct.slice(0, 1);
  }
  const step = Math.max(1, usable.length / mostCandidates);
  return Array.from({ length: Math.ceil(usable.length / step) }, (_, index) => usable[Math.floor(index * step)]!);
}

function fitTail(tail: Float64Array, lowest: number): SpectrumFit {
  const meanLog = tail.reduce((sum, count) => sum + Math.log(count), 0) / tail.length;
  const score = (alpha: number): number => -Math.log(hurwitzZeta(alpha, lowest)) - alpha * meanLog;
  const alpha = maximize(score, smallestAlpha, largestAlpha, 1e-7);
  return {
    alpha,
    lowest,
    types: tail.length,
    distance: distanceOf(tail, alpha, lowest),
    zipfExponent: 1 / (alpha - 1),
  };
}

/** Of `P(f >= x)`, at every frequency that occurs and right above it. */
function distanceOf(tail: Float64Array, alpha: number, lowest: number): number {
  const norm = hurwitzZeta(alpha, lowest);
  let [largest, first] = [0, 0];
  for (let index = 0; index < tail.length; index += 1) {
    const count = tail[index]!;
    if (count === tail[index + 1]) continue;
    largest = Math.max(
      largest,
      Math.abs((index + 1) / tail.length - hurwitzZeta(alpha, count) / norm),
      Math.abs(first / tail.length - hurwitzZeta(alpha, count + 1) / norm),
    );
    first = index + 1;
  }
  return largest;
}
