import type { Json } from '../signal/signal';
import { checkScanOrder, type ScanOrder } from './scan-order';
import {
  addSequence,
  denseSequences,
  loadSequences,
  mergeSequences,
  saveSequences,
  type SymbolSequences,
} from './symbol-sequences';
import { type TokenAccumulator, tokenAccumulator } from './token-accumulator';
import { absent, type TokenSymbol } from './token-stream';

/** Entropy rate by the parsing of Lempel and Ziv (1978). */
export interface EntropyRate {
  readonly tokens: number;
  /** Phrases c: each the longest one seen before and one token more. */
  readonly phrases: number;
  /** `c log2 c / n`: above the entropy rate for short sequences, and tends to it. NaN without tokens. */
  readonly bitsPerToken: number;
}

/**
 * Entropy rate of one sequence of ids: below the entropy of single ids where their order can be foretold.
 *
 * @param ids - -1 is left out.
 * @see Ziv and Lempel, Compression of individual sequences via variable-rate coding, 1978.
 */
export function entropyRate(ids: ArrayLike<TokenSymbol>): EntropyRate {
  return rateOf([Array.from(ids).filter((id) => id !== absent)]);
}

/**
 * Entropy rate of every level of a set of items. Phrases end with the item; the dictionary goes on. The tokens are kept,
 * as the parsing depends on all of them.
 *
 * @param options.order - How a grid is read. Default `row`.
 * @param saved - What `toJSON` gave.
 * @throws {InputError} No such order.
 */
export function entropyRateAccumulator(
  { order = 'row' }: { readonly order?: ScanOrder } = {},
  saved?: Json,
): TokenAccumulator<EntropyRate> {
  checkScanOrder(order);
  return tokenAccumulator<SymbolSequences, EntropyRate>(
    {
      metric: 'entropy-rate',
      options: { method: 'lz78', order },
      create: () => [],
      add: (sequences, stream) => addSequence(sequences, stream, order),
      merge: mergeSequences,
      value: rateOf,
      save: saveSequences,
      load: loadSequences,
    },
    saved,
  );
}

function rateOf(all: SymbolSequences): EntropyRate {
  const { sequences, size } = denseSequences(all);
  /** Phrases as children of the phrase that they extend; the empty one is 0. */
  const children = new Map<number, number>();
  let [tokens, phrases] = [0, 0];
  for (const sequence of sequences) {
    let phrase = 0;
    for (const symbol of sequence) {
      const key = phrase * size + symbol;
      const longer = children.get(key);
      if (longer === undefined) {
        phrases += 1;
        children.set(key, children.size + 1);
        phrase = 0;
      } else {
        phrase = longer;
      }
    }
    // What is left at the end is a phrase that was seen before.
    if (phrase !== 0) phrases += 1;
    tokens += sequence.length;
  }
  return { tokens, phrases, bitsPerToken: tokens === 0 ? Number.NaN : (phrases * Math.log2(phrases)) / tokens };
}
