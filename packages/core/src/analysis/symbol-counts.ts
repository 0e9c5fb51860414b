import * as v from 'valibot';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { compareSymbols, type TokenSymbol } from './token-stream';

/** How often each symbol was seen; in the order in which they were first seen. */
export type SymbolCounts = Map<TokenSymbol, number>;

/** Adds `count` of a symbol. */
export function addCount(counts: SymbolCounts, symbol: TokenSymbol, count = 1): void {
  counts.set(symbol, (counts.get(symbol) ?? 0) + count);
}

/** Adds all that `other` has counted. */
export function mergeCounts(counts: SymbolCounts, other: SymbolCounts): void {
  for (const [symbol, count] of other) {
    addCount(counts, symbol, count);
  }
}

/** Sum of all counts. */
export function totalCount(counts: SymbolCounts): number {
  let total = 0;
  for (const count of counts.values()) {
    total += count;
  }
  return total;
}

/** Counts in falling order: the rank-frequency list. */
export function rankedCounts(counts: SymbolCounts): Float64Array {
  return Float64Array.from(counts.values()).sort().reverse();
}

/** The `limit` most frequent symbols; equal counts in order of symbol. */
export function mostFrequent(counts: SymbolCounts, limit: number): readonly (readonly [TokenSymbol, number])[] {
  type Entry = readonly [TokenSymbol, number];
  const compare = ([a, x]: Entry, [b, y]: Entry): number => y - x || compareSymbols(a, b);
  if (limit >= counts.size) {
    return [...counts].sort(compare);
  }
  // Few of many: a short list is kept in order, most symbols are too rare for it.
  const best: Entry[] = [];
  for (const entry of counts) {
    if (best.length === limit && (limit === 0 || compare(entry, best[limit - 1]!) > 0)) continue;
    let place = best.length;
    while (place > 0 && compare(entry, best[place - 1]!) < 0) place -= 1;
    best.splice(place, 0, entry);
    best.length = Math.min(best.length, limit);
  }
  return best;
}

const savedSymbol = v.union([v.number(), v.string()]);
const savedCounts = v.strictObject({
  symbols: v.array(savedSymbol),
  counts: v.array(v.pipe(v.number(), v.integer(), v.minValue(1))),
});

/** Plain JSON: two lists. */
export function saveCounts(counts: SymbolCounts): Json {
  return { symbols: [...counts.keys()], counts: [...counts.values()] };
}

/** @throws {ConfigError} Not what {@link saveCounts} gave. */
export function loadCounts(json: Json | undefined, where: string): SymbolCounts {
  const { symbols, counts } = parseWith(savedCounts, json, where);
  return new Map(symbols.map((symbol, index) => [symbol, counts[index] ?? 0]));
}
