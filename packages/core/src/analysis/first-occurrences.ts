import * as v from 'valibot';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import type { TokenSymbol } from './token-stream';

/** Where each type was first seen: enough to know, for items that came in order, how the number of types grew. */
export interface FirstOccurrences {
  /** Sum of `tokens`. */
  total: number;
  /** Tokens of each item. */
  readonly tokens: number[];
  /** Types of each item. */
  readonly types: number[];
  /** Place of the first token of a type among all tokens, the item that it is in, and how often it is in that item. */
  readonly first: Map<TokenSymbol, readonly [position: number, item: number, count: number]>;
}

export function emptyOccurrences(): FirstOccurrences {
  return { total: 0, tokens: [], types: [], first: new Map() };
}

/** Adds the tokens of one more item. */
export function addItem(occurrences: FirstOccurrences, keys: readonly TokenSymbol[]): void {
  const { total: before, tokens, types, first } = occurrences;
  const item = tokens.length;
  const seen = new Set<TokenSymbol>();
  for (const [index, key] of keys.entries()) {
    const known = first.get(key);
    if (known === undefined) {
      first.set(key, [before + index, item, 1]);
    } else if (known[1] === item) {
      first.set(key, [known[0], item, known[2] + 1]);
    }
    seen.add(key);
  }
  tokens.push(keys.length);
  types.push(seen.size);
  occurrences.total += keys.length;
}

/** Adds items that came after those here. */
export function mergeOccurrences(occurrences: FirstOccurrences, other: FirstOccurrences): void {
  const { total: before, tokens, types, first } = occurrences;
  const items = tokens.length;
  for (const [key, [position, item, count]] of other.first) {
    if (!first.has(key)) {
      first.set(key, [before + position, items + item, count]);
    }
  }
  for (const [index, count] of other.tokens.entries()) {
    tokens.push(count);
    types.push(other.types[index]!);
  }
  occurrences.total += other.total;
}

/** Types that each item brought, and its tokens of these types. */
export function innovationOf({ tokens, first }: FirstOccurrences): {
  readonly newTypes: readonly number[];
  readonly newTokens: readonly number[];
} {
  const newTypes = tokens.map(() => 0);
  const newTokens = tokens.map(() => 0);
  for (const [, item, count] of first.values()) {
    newTypes[item]! += 1;
    newTokens[item]! += count;
  }
  return { newTypes, newTokens };
}

const numbers = v.array(v.pipe(v.number(), v.integer(), v.minValue(0)));
const savedOccurrences = v.strictObject({
  tokens: numbers,
  types: numbers,
  keys: v.array(v.union([v.number(), v.string()])),
  positions: numbers,
  items: numbers,
  counts: numbers,
});

/** Plain JSON: lists. */
export function saveOccurrences({ tokens, types, first }: FirstOccurrences): Json {
  const values = [...first.values()];
  return {
    tokens: [...tokens],
    types: [...types],
    keys: [...first.keys()],
    positions: values.map(([position]) => position),
    items: values.map(([, item]) => item),
    counts: values.map(([, , count]) => count),
  };
}

/** @throws {ConfigError} Not what {@link saveOccurrences} gave. */
export function loadOccurrences(json: Json | undefined, where: string): FirstOccurrences {
  const { tokens, types, keys, positions, items, counts } = parseWith(savedOccurrences, json, where);
  const first = new Map(
    keys.map((key, index) => [key, [positions[index] ?? 0, items[index] ?? 0, counts[index] ?? 0] as const]),
  );
  return { total: tokens.reduce((sum, count) => sum + count, 0), tokens, types, first };
}
