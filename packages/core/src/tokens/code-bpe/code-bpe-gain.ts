import { entropyEstimates } from '../../analysis/entropy-estimates';
import type { MetricResult } from '../../metrics/metric-result';
import { flattenTokens } from '../flatten';
import type { TokensInit } from '../token-types';
import type { CodeBpe } from './code-bpe';

/** Order-0 entropy of all tokens of a set, bits. */
export interface SequenceBits {
  /** Of the observed frequencies. */
  readonly plugIn: number;
  /** Corrected by Miller and Madow: a larger vocabulary is observed less well. */
  readonly corrected: number;
}

/** What merges save on a set of items. */
export interface CodeBpeGain {
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  /** 1 - after / before, 0..1. */
  readonly tokensSaved: number;
  readonly bitsBefore: SequenceBits;
  readonly bitsAfter: SequenceBits;
  /** 1 - after / before of the plug-in bits; below 0 where merging costs. */
  readonly bitsSaved: number;
}

/**
 * Gain on held-out items: those that were not trained on. Places without a token count for nothing.
 *
 * @throws {TokensError} Items of another tokenizer, other weights or other levels.
 */
export function codeBpeGain(bpe: CodeBpe, items: Iterable<TokensInit>): MetricResult<CodeBpeGain> {
  const [before, after] = [new Map<number, number>(), new Map<number, number>()];
  let count = 0;
  let end = 0;
  const offset = bpe.vocabularySizes.map((size) => (end += size) - size);
  for (const item of items) {
    // Applied first: it checks whose tokens these are.
    addAll(after, bpe.apply(item));
    addAll(before, flattenTokens(item, { offset }));
    count += 1;
  }
  const [plain, merged] = [sizeOf(before), sizeOf(after)];
  return {
    value: {
      tokensBefore: plain.tokens,
      tokensAfter: merged.tokens,
      tokensSaved: plain.tokens === 0 ? 0 : 1 - merged.tokens / plain.tokens,
      bitsBefore: plain.bits,
      bitsAfter: merged.bits,
      bitsSaved: plain.bits.plugIn === 0 ? 0 : 1 - merged.bits.plugIn / plain.bits.plugIn,
    },
    protocol: {
      metric: 'code-bpe-gain',
      bits: 'order-0 entropy of these items times their tokens',
      merges: bpe.merges.length,
      order: bpe.order,
      items: count,
    },
  };
}

function addAll(counts: Map<number, number>, ids: Int32Array): void {
  for (const id of ids) {
    if (id !== -1) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
}

function sizeOf(counts: ReadonlyMap<number, number>): { readonly tokens: number; readonly bits: SequenceBits } {
  const tokens = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const { plugIn, millerMadow } = entropyEstimates(counts.values());
  const bits =
    tokens === 0 ? { plugIn: 0, corrected: 0 } : { plugIn: tokens * plugIn, corrected: tokens * millerMadow };
  return { tokens, bits };
}
