import { InputError } from '../errors/input-error';
import type { Json } from '../signal/signal';
import { visitNeighbors } from './neighbor-offsets';
import { ngramKey, ngramSymbols } from './ngram-windows';
import {
  addCount,
  loadCounts,
  mergeCounts,
  mostFrequent,
  saveCounts,
  type SymbolCounts,
  totalCount,
} from './symbol-counts';
import { type TokenAccumulator, tokenAccumulator } from './token-accumulator';
import { absent, compareSymbols, type LevelFacts, type TokenSymbol } from './token-stream';

export interface CoOccurrenceOptions {
  /** Tokens up to so many places apart on every axis go together. Default 1: the 8 neighbors on a grid. */
  readonly radius?: number;
  /** Pairs that are listed, the most frequent first. Default 20. */
  readonly limit?: number;
}

/** Two codes that stand near each other. */
export interface CodePair {
  readonly symbols: readonly [TokenSymbol, TokenSymbol];
  readonly count: number;
  /** `log2(p(a, b) / (p(a) p(b)))`, bits, over pairs in both orders: 0 where they are independent. */
  readonly pointwise: number;
  /** pointwise / -log2 p(a, b), -1..1: 1 where the two only occur together. */
  readonly normalized: number;
}

export interface CoOccurrence {
  /** Pairs of places that were counted, each once. */
  readonly total: number;
  /** Different pairs of codes, order not counted. */
  readonly types: number;
  readonly pairs: readonly CodePair[];
}

/**
 * Which codes stand near each other in the items of a set, at every level.
 *
 * @param saved - What `toJSON` gave.
 * @throws {InputError} `radius` or `limit` is no whole number of at least 1.
 */
export function coOccurrenceAccumulator(
  { radius = 1, limit = 20 }: CoOccurrenceOptions = {},
  saved?: Json,
): TokenAccumulator<CoOccurrence> {
  for (const [name, value] of Object.entries({ radius, limit })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new InputError(name, 'a whole number of at least 1', String(value));
    }
  }
  return tokenAccumulator<SymbolCounts, CoOccurrence>(
    {
      metric: 'co-occurrence',
      options: { radius, limit },
      create: () => new Map(),
      add: (counts, stream) => {
        for (const steps of halfNeighborhood(stream.shape.length, radius)) {
          visitNeighbors(stream.shape, steps, (position, neighbor) => {
            const pair = [stream.symbols[position]!, stream.symbols[neighbor]!].sort(compareSymbols);
            if (!pair.includes(absent)) addCount(counts, ngramKey(pair, stream));
          });
        }
      },
      merge: mergeCounts,
      value: (counts, level) => coOccurrenceOf(counts, limit, level),
      save: saveCounts,
      load: loadCounts,
    },
    saved,
  );
}

/** One of each two opposite steps of a cube around a token: those whose first step that is not 0 is above 0. */
function halfNeighborhood(axes: number, radius: number): readonly (readonly number[])[] {
  let all: readonly (readonly number[])[] = [[]];
  for (let axis = 0; axis < axes; axis += 1) {
    all = all.flatMap((steps) =>
      Array.from({ length: 2 * radius + 1 }, (_, index): readonly number[] => [...steps, index - radius]),
    );
  }
  return all.filter((steps) => (steps.find((step) => step !== 0) ?? 0) > 0);
}

function coOccurrenceOf(counts: SymbolCounts, limit: number, level: LevelFacts): CoOccurrence {
  const total = totalCount(counts);
  const ends: SymbolCounts = new Map();
  for (const [key, count] of counts) {
    for (const symbol of ngramSymbols(key, 2, level)) {
      addCount(ends, symbol, count);
    }
  }
  const share = (symbol: TokenSymbol): number => ends.get(symbol)! / (2 * total);
  const pairs = mostFrequent(counts, limit).map(([key, count]): CodePair => {
    const [first, second] = ngramSymbols(key, 2, level) as [TokenSymbol, TokenSymbol];
    // A pair of different codes stands for both orders.
    const joint = count / total / (first === second ? 1 : 2);
    const pointwise = Math.log2(joint / (share(first) * share(second)));
    return { symbols: [first, second], count, pointwise, normalized: joint === 1 ? 1 : pointwise / -Math.log2(joint) };
  });
  return { total, types: counts.size, pairs };
}
