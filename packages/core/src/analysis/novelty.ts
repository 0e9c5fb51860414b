import { InputError } from '../errors/input-error';
import type { Json } from '../signal/signal';
import {
  addItem,
  emptyOccurrences,
  type FirstOccurrences,
  innovationOf,
  loadOccurrences,
  mergeOccurrences,
  saveOccurrences,
} from './first-occurrences';
import { checkNgramLength, ngramKeys, type NgramScan } from './ngram-windows';
import { checkScanOrder } from './scan-order';
import { type TokenAccumulator, tokenAccumulator } from './token-accumulator';

export interface NoveltyOptions extends NgramScan {
  /** Tokens that make one type: 1 (default) to 4. */
  readonly length?: number;
}

/** What one item has that no item before it had. */
export interface ItemNovelty {
  /** n-grams of the item. */
  readonly tokens: number;
  /** Different ones. */
  readonly types: number;
  /** Different ones that are new. */
  readonly newTypes: number;
  /** n-grams of new types. */
  readonly newTokens: number;
  /** newTokens / tokens, 0..1; 0 for an item without n-grams. */
  readonly novelty: number;
}

export interface Novelty {
  /** In the order in which they were added. */
  readonly items: readonly ItemNovelty[];
  /** Types in all. */
  readonly types: number;
  /** Items after which at least half, 90 % and 99 % of all types were seen. */
  readonly itemsUntil: { readonly half: number; readonly most: number; readonly nearlyAll: number };
}

/**
 * How new each item is to those before it.
 *
 * @param saved - What `toJSON` gave.
 * @throws {InputError} `length` is not 1..4, or no such order.
 */
export function noveltyAccumulator(
  { length = 1, order = 'row', acrossLines = true }: NoveltyOptions = {},
  saved?: Json,
): TokenAccumulator<Novelty> {
  checkNgramLength('length', length);
  checkScanOrder(order);
  return tokenAccumulator<FirstOccurrences, Novelty>(
    {
      metric: 'novelty',
      options: { length, order, acrossLines },
      create: emptyOccurrences,
      add: (occurrences, stream) => addItem(occurrences, ngramKeys(stream, length, { order, acrossLines })),
      merge: mergeOccurrences,
      value: noveltyOf,
      save: saveOccurrences,
      load: loadOccurrences,
    },
    saved,
  );
}

/**
 * Mean information of tokens under counts of others, bits a token: high where an item is unlike them.
 *
 * @param ids - Tokens of the item; -1 is left out.
 * @param counts - How often each of the K codes occurs in the others.
 * @param options.prior - Added to every count, above 0; default 0.5 (Krichevsky and Trofimov).
 * @returns NaN for an item without tokens.
 * @throws {InputError} An id is outside `counts`, or the prior is not above 0.
 */
export function surprisal(
  ids: ArrayLike<number>,
  counts: ArrayLike<number>,
  { prior = 0.5 }: { readonly prior?: number } = {},
): number {
  if (!(prior > 0)) {
    throw new InputError('prior', 'a number above 0', String(prior));
  }
  const total = Array.from(counts).reduce((sum, count) => sum + count + prior, 0);
  const present = Array.from(ids).filter((id) => id !== -1);
  const bits = present.map((id) => {
    const count = counts[id];
    if (count === undefined) {
      throw new InputError('ids', `ids of 0..${counts.length - 1}`, String(id));
    }
    return Math.log2(total / (count + prior));
  });
  return bits.reduce((sum, value) => sum + value, 0) / bits.length;
}

function noveltyOf(occurrences: FirstOccurrences): Novelty {
  const { newTypes, newTokens } = innovationOf(occurrences);
  const items = occurrences.tokens.map((tokens, item): ItemNovelty => ({
    tokens,
    types: occurrences.types[item]!,
    newTypes: newTypes[item]!,
    newTokens: newTokens[item]!,
    novelty: tokens === 0 ? 0 : newTokens[item]! / tokens,
  }));
  const types = occurrences.first.size;
  const until = (share: number): number => {
    let seen = 0;
    return newTypes.findIndex((count) => (seen += count) >= share * types) + 1;
  };
  return { items, types, itemsUntil: { half: until(0.5), most: until(0.9), nearlyAll: until(0.99) } };
}
