import { InputError } from '../errors/input-error';
import { digamma } from './special-functions';

/** How entropy is estimated from counts. */
export type EntropyEstimator = 'plug-in' | 'miller-madow' | 'grassberger' | 'chao-shen';

/** Entropy of the tokens of a level, bits a token. */
export interface EntropyEstimates {
  /** Of the observed frequencies: too low where there are few tokens for each code. NaN without tokens, as all four. */
  readonly plugIn: number;
  /** Plug-in plus `(used - 1) / 2N` nats. */
  readonly millerMadow: number;
  /** `ln N - Σ n G(n) / N`: the bias falls faster than 1 / N. */
  readonly grassberger: number;
  /** Frequencies shrunk to the estimated coverage, unseen codes weighed in (Horvitz and Thompson). */
  readonly chaoShen: number;
}

/**
 * Entropy of counted codes in bits, by four estimators.
 *
 * @param counts - How often each code occurs, whole numbers of at least 0, in any order.
 * @throws {InputError} A count is something else.
 * @see Miller, Note on the bias of information estimates, 1955; Grassberger, arXiv physics/0307138; Chao and Shen,
 *   Nonparametric estimation of Shannon's index of diversity when there are unseen species in sample, 2003.
 */
export function entropyEstimates(counts: Iterable<number>): EntropyEstimates {
  const spectrum = spectrumOf(counts);
  const total = sumOver(spectrum, (count) => count);
  if (total === 0) {
    return { plugIn: Number.NaN, millerMadow: Number.NaN, grassberger: Number.NaN, chaoShen: Number.NaN };
  }
  const types = sumOver(spectrum, () => 1);
  const plugIn = Math.log(total) - sumOver(spectrum, (count) => count * Math.log(count)) / total;
  return {
    plugIn: inBits(plugIn),
    millerMadow: inBits(plugIn + (types - 1) / (2 * total)),
    grassberger: inBits(grassbergerNats(spectrum, total)),
    chaoShen: inBits(chaoShenNats(spectrum, total)),
  };
}

/** One of the estimates of {@link entropyEstimates}, bits. @throws {InputError} A count is no whole number. */
export function entropyOf(counts: Iterable<number>, estimator: EntropyEstimator = 'plug-in'): number {
  const { plugIn, millerMadow, grassberger, chaoShen } = entropyEstimates(counts);
  return { 'plug-in': plugIn, 'miller-madow': millerMadow, grassberger, 'chao-shen': chaoShen }[estimator];
}

/** How many codes occur once, twice, …: all that the estimators need, and much shorter. */
type Spectrum = ReadonlyMap<number, number>;

function spectrumOf(counts: Iterable<number>): Spectrum {
  const spectrum = new Map<number, number>();
  for (const count of counts) {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new InputError('counts', 'whole numbers of at least 0', String(count));
    }
    if (count > 0) spectrum.set(count, (spectrum.get(count) ?? 0) + 1);
  }
  return spectrum;
}

/** Of a value for each code. */
function sumOver(spectrum: Spectrum, value: (count: number) => number): number {
  let sum = 0;
  for (const [count, types] of spectrum) {
    sum += types * value(count);
  }
  return sum;
}

/** G(n) of the paper is `ln 2 + ψ(⌊n / 2⌋ + 1 / 2)`. */
function grassbergerNats(spectrum: Spectrum, total: number): number {
  const sum = sumOver(spectrum, (count) => count * (Math.LN2 + digamma(Math.floor(count / 2) + 0.5)));
  return Math.log(total) - sum / total;
}

function chaoShenNats(spectrum: Spectrum, total: number): number {
  // Where every token is a code of its own the coverage would be 0.
  const coverage = 1 - Math.min(spectrum.get(1) ?? 0, total - 1) / total;
  return sumOver(spectrum, (count) => {
    const share = (coverage * count) / total;
    // 1 - (1 - share)^total without cancellation.
    const seen = -Math.expm1(total * Math.log1p(-share));
    return share === 0 ? 0 : -(share * Math.log(share)) / seen;
  });
}

function inBits(nats: number): number {
  return nats / Math.LN2;
}
