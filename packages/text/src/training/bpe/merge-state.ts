import { createPairCounts, type PairCounts, pairNumber } from './pair-counts';
import type { TrainingWords } from './training-words';
import { createWordLists, freeWords, pushWord, type WordLists } from './word-lists';

/** What merging changes. */
export interface MergeState {
  readonly words: TrainingWords;
  readonly pairs: PairCounts;
  readonly lists: WordLists;
  /** Pairs that came up since they were last put into the queue; one may be there twice. */
  readonly touched: number[];
  /** New pairs that stand for so many characters are not counted. */
  readonly longest: number;
  /** Symbols that were looked at. */
  symbolsRead: number;
}

/** Counts the pairs of all words. */
export function createMergeState(words: TrainingWords, longest: number): MergeState {
  const state = { words, pairs: createPairCounts(), lists: createWordLists(), touched: [], longest, symbolsRead: 0 };
  for (let word = 0; word < words.starts.length; word += 1) {
    const start = words.starts[word]!;
    const end = start + words.lengths[word]!;
    const count = words.counts[word]!;
    for (let at = start; at + 1 < end; at += 1) {
      changePair(state, words.symbols[at]!, words.symbols[at + 1]!, count, word);
    }
    state.symbolsRead += end - start;
  }
  return state;
}

/** Changes a count; a pair that gains occurrences waits for the queue. */
function changePair(state: MergeState, left: number, right: number, change: number, word: number): void {
  const { pairs } = state;
  const pair = pairNumber(pairs, left, right);
  pairs.count[pair] = pairs.count[pair]! + change;
  if (word < 0) return;
  const list = pairs.waiting[pair]!;
  if (list < 0) state.touched.push(pair);
  pairs.waiting[pair] = pushWord(state.lists, list, word);
}

/**
 * Merges a pair in words, from left to right, and counts what that does to neighbouring pairs. The count of the pair
 * itself stays, as in the Hugging Face library.
 *
 * @param list - The words, which are given back.
 */
export function mergePair(state: MergeState, pair: number, merged: number, list: number): void {
  const { words, lists, pairs } = state;
  const left = pairs.left[pair]!;
  const right = pairs.right[pair]!;
  for (let entry = list; entry >= 0; entry = lists.next[entry]!)
    mergeInWord(state, words, lists.word[entry]!, left, right, merged);
  freeWords(lists, list);
}

function mergeInWord(
  state: MergeState,
  { symbols, widths, starts, lengths, counts }: TrainingWords,
  word: number,
  left: number,
  right: number,
  merged: number,
): void {
  const start = starts[word]!;
  const end = start + lengths[word]!;
  const count = counts[word]!;
  const { longest } = state;
  state.symbolsRead += end - start;
  let write = start;
  for (let read = start; read < end; read += 1, write += 1) {
    const symbol = symbols[read]!;
    const isPair = symbol === left && read + 1 < end && symbols[read + 1] === right;
    if (!isPair) {
      symbols[write] = symbol;
      if (widths) widths[write] = widths[read]!;
      continue;
    }
    const width = widths ? widths[read]! + widths[read + 1]! : 0;
    if (write > start) {
      const before = symbols[write - 1]!;
      changePair(state, before, left, -count, -1);
      if (!widths || widths[write - 1]! + width < longest) changePair(state, before, merged, count, word);
    }
    if (read + 2 < end) {
      const after = symbols[read + 2]!;
      changePair(state, right, after, -count, -1);
      if (!widths || widths[read + 2]! + width < longest) changePair(state, merged, after, count, word);
    }
    symbols[write] = merged;
    if (widths) widths[write] = width;
    read += 1;
  }
  lengths[word] = write - start;
}

/** Calls `put` with every pair that came up and occurs, and the words where it came up. */
export function drainTouched(state: MergeState, put: (pair: number, count: number, list: number) => void): void {
  const { pairs, lists, touched } = state;
  for (const pair of touched) {
    const list = pairs.waiting[pair]!;
    if (list < 0) continue;
    pairs.waiting[pair] = -1;
    const count = pairs.count[pair]!;
    if (count > 0) put(pair, count, list);
    else freeWords(lists, list);
  }
  touched.length = 0;
}
