import type { Json } from '../signal/signal';
import { addCount, loadCounts, mergeCounts, mostFrequent, saveCounts, type SymbolCounts } from './symbol-counts';
import { type TokenAccumulator, tokenAccumulator } from './token-accumulator';
import { type LevelFacts, presentSymbols, type TokenSymbol } from './token-stream';

/** How a statistic of counted codes is made of their counts. */
export interface CountStatistic<Value> {
  readonly metric: string;
  /** Part of the protocol. */
  readonly options: Readonly<Record<string, Json>>;
  value(counts: SymbolCounts, level: LevelFacts): Value;
  /** Throws for a level that the statistic does not fit. */
  check?(level: LevelFacts): void;
}

/** An accumulator of a statistic that only depends on how often each code occurs. */
export function countAccumulator<Value>(
  { metric, options, value, check }: CountStatistic<Value>,
  saved?: Json,
): TokenAccumulator<Value> {
  return tokenAccumulator<SymbolCounts, Value>(
    {
      metric,
      options,
      ...(check && { check }),
      create: () => new Map(),
      add: (counts, stream) => {
        for (const symbol of presentSymbols(stream)) {
          addCount(counts, symbol);
        }
      },
      merge: mergeCounts,
      value,
      save: saveCounts,
      load: loadCounts,
    },
    saved,
  );
}

/** A code that occurs. */
export interface CodeFrequency {
  /** The id; for bits the whole number that they make, or hex digits of their bytes above 52 bits. */
  readonly symbol: TokenSymbol;
  readonly count: number;
}

/**
 * How often each code occurs at every level of a set of items, the most frequent first.
 *
 * @param saved - What `toJSON` gave.
 */
export function codeFrequencyAccumulator(saved?: Json): TokenAccumulator<readonly CodeFrequency[]> {
  return countAccumulator(
    {
      metric: 'code-frequency',
      options: {},
      value: (counts) => mostFrequent(counts, counts.size).map(([symbol, count]) => ({ symbol, count })),
    },
    saved,
  );
}
