import { InputError } from '@tesserae/core/data';

/** Two neighbouring symbols, joined by {@link pairSeparator}. */
export type PairKey = string;

/** Stands between the parts of a pair: U+241F, which no vocabulary has. */
export const pairSeparator = '\u241f';

export const pairKey = (left: string, right: string): PairKey => `${left}${pairSeparator}${right}`;

/** How often pairs occur in the text of one category while the merges of a tokenizer are applied to it. */
export interface PairHistory {
  /** Pairs of all words before the first merge: what counts are divided by. */
  readonly pairs: number;
  /** Counts before the first merge. */
  readonly initial: ReadonlyMap<PairKey, number>;
  /** New counts of the pairs that merge `t` changed, 0 where there are none left. */
  readonly changes: readonly ReadonlyMap<PairKey, number>[];
}

/** A distinct word as symbols, and how often it occurs. */
export interface CountedWord {
  readonly symbols: readonly string[];
  readonly count: number;
}

export type Merge = readonly [left: string, right: string];

/**
 * Applies merges to a text, one after the other, and keeps what they do to the counts of pairs (arXiv 2407.16607,
 * section 3). Overlapping pairs count as often as they occur: `aa` twice in `aaa`.
 *
 * @param steps - Merges that are applied; counts are needed before every merge, so the last one need not be. Default: all
 *   but the last.
 * @throws {InputError} A symbol that is empty or holds U+241F.
 */
export function countMergedPairs(
  words: Iterable<CountedWord>,
  merges: readonly Merge[],
  steps = merges.length - 1,
): PairHistory {
  const state = createWordState(words);
  const initial = new Map(state.counts);
  const pairs = [...initial.values()].reduce((sum, count) => sum + count, 0);
  const changes = merges.slice(0, Math.max(0, steps)).map((merge) => applyMerge(state, merge));
  return { pairs, initial, changes };
}

interface WordState {
  readonly words: { symbols: string[]; readonly count: number }[];
  readonly counts: Map<PairKey, number>;
  /** Words that have or had a pair. */
  readonly places: Map<PairKey, Set<number>>;
}

function createWordState(source: Iterable<CountedWord>): WordState {
  const state: WordState = { words: [], counts: new Map(), places: new Map() };
  for (const { symbols, count } of source) {
    const wrong = symbols.find((symbol) => symbol === '' || symbol.includes(pairSeparator));
    if (wrong !== undefined) throw new InputError('words', 'symbols without U+241F', JSON.stringify(wrong));
    state.words.push({ symbols: [...symbols], count });
    countPairsOf(state, state.words.length - 1, 1);
  }
  return state;
}

function countPairsOf({ words, counts, places }: WordState, index: number, sign: 1 | -1): void {
  const { symbols, count } = words[index]!;
  for (let at = 0; at + 1 < symbols.length; at += 1) {
    const key = pairKey(symbols[at]!, symbols[at + 1]!);
    counts.set(key, (counts.get(key) ?? 0) + sign * count);
    if (sign < 0) continue;
    let set = places.get(key);
    if (!set) places.set(key, (set = new Set<number>()));
    set.add(index);
  }
}

/** @returns New counts of the pairs whose counts changed. */
function applyMerge(state: WordState, [left, right]: Merge): Map<PairKey, number> {
  const key = pairKey(left, right);
  const before = new Map<PairKey, number>();
  const remember = (symbols: readonly string[]) => {
    for (let at = 0; at + 1 < symbols.length; at += 1) {
      const pair = pairKey(symbols[at]!, symbols[at + 1]!);
      if (!before.has(pair)) before.set(pair, state.counts.get(pair) ?? 0);
    }
  };
  for (const index of state.places.get(key) ?? []) {
    const word = state.words[index]!;
    const merged = mergeSymbols(word.symbols, left, right);
    if (merged.length === word.symbols.length) continue;
    remember(word.symbols);
    remember(merged);
    countPairsOf(state, index, -1);
    word.symbols = merged;
    countPairsOf(state, index, 1);
  }
  state.places.delete(key);
  const changes = new Map<PairKey, number>();
  for (const [pair, count] of before) {
    const now = state.counts.get(pair)!;
    if (now !== count) changes.set(pair, now);
    if (now === 0) state.counts.delete(pair);
  }
  return changes;
}

function mergeSymbols(symbols: readonly string[], left: string, right: string): string[] {
  const merged: string[] = [];
  for (let at = 0; at < symbols.length; at += 1) {
    const isPair = symbols[at] === left && symbols[at + 1] === right;
    merged.push(isPair ? left + right : symbols[at]!);
    if (isPair) at += 1;
  }
  return merged;
}
