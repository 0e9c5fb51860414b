import { InputError } from '../errors/input-error';
import type { Json } from '../signal/signal';
import { countAccumulator } from './count-accumulator';
import { rankedCounts } from './symbol-counts';
import type { TokenAccumulator } from './token-accumulator';

/** How much of a codebook a set of tokens uses. */
export interface CodebookUsage {
  /** Tokens that were counted. */
  readonly tokens: number;
  /** Codes, K; Infinity for bits whose number of codes is no double. */
  readonly vocabularySize: number;
  /** Different codes that occur. */
  readonly used: number;
  /** Codes that never occur, K - used. */
  readonly dead: number;
  /** used / K, 0..1. */
  readonly usage: number;
  /** `exp(-Σ p ln(p + 1e-10))`, 1..K as VQGAN's official code reports it; NaN without tokens. */
  readonly perplexity: number;
  /** `log2(perplexity)`. */
  readonly bits: number;
  /** bits / log2 K, 0..1; 1 for a codebook of one code. */
  readonly efficiency: number;
}

/** Keeps `0 ln 0` away, as in the official code. */
const tiny = 1e-10;

/**
 * Usage, dead codes and perplexity of counted codes.
 *
 * @param counts - How often each code occurs, in any order; zeros may be left out.
 * @param vocabularySize - Codes in all, at least as many as counts above 0. Default: as many as `counts`.
 * @throws {InputError} A count is negative or not finite, or there are more codes than the vocabulary has.
 * @see taming-transformers, `taming/modules/vqvae/quantize.py`.
 */
export function codebookUsage(counts: ArrayLike<number>, vocabularySize: number = counts.length): CodebookUsage {
  const present = Array.from(counts).filter((count) => count !== 0);
  const wrong = present.find((count) => !(count > 0 && count < Number.POSITIVE_INFINITY));
  if (wrong !== undefined) {
    throw new InputError('counts', 'finite numbers of at least 0', String(wrong));
  }
  if (!(vocabularySize >= Math.max(1, present.length))) {
    throw new InputError('vocabularySize', `at least ${Math.max(1, present.length)}`, String(vocabularySize));
  }
  const tokens = present.reduce((sum, count) => sum + count, 0);
  const nats = -present.reduce((sum, count) => sum + (count / tokens) * Math.log(count / tokens + tiny), 0);
  const perplexity = tokens === 0 ? Number.NaN : Math.exp(nats);
  const bits = Math.log2(perplexity);
  return {
    tokens,
    vocabularySize,
    used: present.length,
    dead: vocabularySize - present.length,
    usage: present.length / vocabularySize,
    perplexity,
    bits,
    efficiency: vocabularySize === 1 ? 1 : bits / Math.log2(vocabularySize),
  };
}

/**
 * {@link codebookUsage} of every level of a set of items.
 *
 * @param saved - What `toJSON` gave.
 */
export function codebookUsageAccumulator(saved?: Json): TokenAccumulator<CodebookUsage> {
  return countAccumulator(
    {
      metric: 'codebook-usage',
      options: { logarithm: 'natural, p + 1e-10' },
      value: (counts, { kind, vocabularySize, bitsPerToken }) => {
        const usage = codebookUsage(rankedCounts(counts), vocabularySize);
        return kind === 'index' ? usage : { ...usage, efficiency: usage.bits / bitsPerToken };
      },
    },
    saved,
  );
}
