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
  const present = [...counts].filter((count) => count !== 0);
  const wrong = present.find((count) => !Number.isSafeInteger(count) || count < 0);
  if (wrong !== undefined) {
    throw new InputError('counts', 'whole numbers of at least 0', String(wrong));
  }
  const total = present.reduce((sum, count) => sum + count, 0);
  if (total === 0) {
    return { plugIn: Number.NaN, millerMadow: Number.NaN, grassberger: Number.NaN, chaoShen: Number.NaN };
  }
  const plugIn = Math.log(total) - present.reduce((sum, count) => sum + count * Math.log(count), 0) / total;
  return {
    plugIn: inBits(plugIn),
    millerMadow: inBits(plugIn + (present.length - 1) / (2 * total)),
    grassberger: inBits(grassbergerNats(present, total)),
    chaoShen: inBits(chaoShenNats(present, total)),
  };
}

/** One of the estimates of {@link entropyEstimates}, bits. @throws {InputError} A count is no whole number. */
export function entropyOf(counts: Iterable<number>, estimator: EntropyEstimator = 'plug-in'): number {
  const { plugIn, millerMadow, grassberger, chaoShen } = entropyEstimates(counts);
  return { 'plug-in': plugIn, 'miller-madow': millerMadow, grassberger, 'chao-shen': chaoShen }[estimator];
}

/** G(n) of the paper is `ln 2 + ψ(⌊n / 2⌋ + 1 / 2)`. */
function grassbergerNats(counts: readonly number[], total: number): number {
  const sum = counts.reduce((all, count) => all + count * (Math.LN2 + digamma(Math.floor(count / 2) + 0.5)), 0);
  return Math.log(total) - sum / total;
}

function chaoShenNats(counts: readonly number[], total: number): number {
  const single = counts.filter((count) => count === 1).length;
  // Where every token is a code of its own the coverage would be 0.
  const coverage = 1 - Math.min(single, total - 1) / total;
  return counts.reduce((sum, count) => {
    const share = (coverage * count) / total;
    // 1 - (1 - share)^total without cancellation.
    const seen = -Math.expm1(total * Math.log1p(-share));
    return share === 0 ? sum : sum - (share * Math.log(share)) / seen;
  }, 0);
}

function inBits(nats: number): number {
  return nats / Math.LN2;
}
