import { createPairCounts, type PairCounts, pairNumber } from '../bpe/pair-counts';
import { createWordLists, freeWords, pushWord, type WordLists } from '../bpe/word-lists';

/** A place that ends a sequence, and one whose token was merged into the one before. */
const border = -1;
const gone = -2;

/**
 * Sequences of tokens as one linked list, with the counts of all pairs. Of a run of equal tokens every second pair
 * counts: so many can be merged.
 */
export interface LinkedTokens {
  readonly tokens: Int32Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  /** How often the sequence of a place comes; undefined: once. */
  readonly weights: Int32Array | undefined;
  readonly pairs: PairCounts;
  /** Places of pairs (`pairs.waiting`) and of tokens (`made`). */
  readonly lists: WordLists;
  /** Places where a token other than a byte was put, by token. */
  readonly made: Map<number, number>;
  /** Pairs whose counts have grown. */
  readonly touched: number[];
  /** 1 for tokens that may be merged; undefined: all may. */
  open: Uint8Array | undefined;
}

/**
 * @param tokens - Sequences, a -1 before the first and behind each.
 * @param weights - For each place.
 * @param isLocked - No token may be merged until it is opened.
 */
export function createLinkedTokens(
  tokens: Int32Array,
  weights: Int32Array | undefined,
  isLocked: boolean,
): LinkedTokens {
  const { length } = tokens;
  const linked: LinkedTokens = {
    tokens,
    next: Int32Array.from({ length }, (_, place) => place + 1),
    previous: Int32Array.from({ length }, (_, place) => place - 1),
    weights,
    pairs: createPairCounts(),
    lists: createWordLists(),
    made: new Map(),
    touched: [],
    open: isLocked ? new Uint8Array(1024) : undefined,
  };
  if (!isLocked) countPairs(linked, 0, length - 1, 1);
  return linked;
}

/** Adds the pairs between two places to the counts, or takes them away. */
function countPairs(
  { tokens, next, weights, pairs, lists, touched, open }: LinkedTokens,
  from: number,
  to: number,
  sign: 1 | -1,
): void {
  let isSecond = false;
  for (let place = from; place !== to; place = next[place]!) {
    const left = tokens[place]!;
    const right = tokens[next[place]!]!;
    const isPair = left >= 0 && right >= 0 && (!open || (open[left] === 1 && open[right] === 1));
    if (!isPair || (isSecond && left === right)) {
      isSecond = false;
      continue;
    }
    isSecond = left === right;
    const pair = pairNumber(pairs, left, right);
    pairs.count[pair] = pairs.count[pair]! + sign * (weights ? weights[place]! : 1);
    if (sign < 0) continue;
    touched.push(pair);
    pairs.waiting[pair] = pushWord(lists, pairs.waiting[pair]!, place);
  }
}

/** First place of the run of equal tokens that a place is in. */
function runStart({ tokens, previous }: LinkedTokens, place: number): number {
  let start = place;
  if (tokens[place]! < 0) return place;
  while (tokens[previous[start]!] === tokens[place]) start = previous[start]!;
  return start;
}

function runEnd({ tokens, next }: LinkedTokens, place: number): number {
  let end = place;
  if (tokens[place]! < 0) return place;
  while (tokens[next[end]!] === tokens[place]) end = next[end]!;
  return end;
}

function note({ made, lists }: LinkedTokens, token: number, place: number): void {
  made.set(token, pushWord(lists, made.get(token) ?? -1, place));
}

/** What a merge did. */
export interface MergeOutcome {
  /** Occurrences that were merged, by weight. */
  readonly count: number;
  /** A sequence is one token now. */
  readonly hasWhole: boolean;
}

/** Merges a pair everywhere, in runs of equal tokens from the left. */
export function mergeEverywhere(linked: LinkedTokens, pair: number, merged: number): MergeOutcome {
  const { tokens, next, previous, pairs, lists, weights } = linked;
  const left = pairs.left[pair]!;
  const right = pairs.right[pair]!;
  const list = pairs.waiting[pair]!;
  pairs.waiting[pair] = -1;
  let count = 0;
  let hasWhole = false;
  const isHere = (place: number): boolean => tokens[place] === left && tokens[next[place]!] === right;
  for (let entry = list; entry >= 0; entry = lists.next[entry]!) {
    let place = lists.word[entry]!;
    if (!isHere(place)) continue;
    if (left === right) place = runStart(linked, place);
    const from = runStart(linked, previous[place]!);
    const last = left === right ? runEnd(linked, place) : next[place]!;
    const to = runEnd(linked, next[last]!);
    countPairs(linked, from, to, -1);
    for (; isHere(place); place = next[place]!) {
      const behind = next[place]!;
      tokens[place] = merged;
      tokens[behind] = gone;
      next[place] = next[behind]!;
      previous[next[place]!] = place;
      note(linked, merged, place);
      count += weights ? weights[place]! : 1;
      hasWhole ||= tokens[previous[place]!] === border && tokens[next[place]!] === border;
      if (left !== right) break;
    }
    countPairs(linked, from, to, 1);
  }
  freeWords(lists, list);
  return { count, hasWhole };
}

/**
 * Splits a token everywhere. The places of its bytes are free.
 *
 * @param lengths - Places of each part but the last.
 * @returns Occurrences, by weight.
 */
export function splitEverywhere(
  linked: LinkedTokens,
  token: number,
  parts: readonly number[],
  lengths: readonly number[],
): number {
  const { tokens, next, previous, lists, weights } = linked;
  const list = linked.made.get(token) ?? -1;
  linked.made.delete(token);
  let count = 0;
  for (let entry = list; entry >= 0; entry = lists.next[entry]!) {
    const place = lists.word[entry]!;
    if (tokens[place] !== token) continue;
    const after = next[place]!;
    const from = runStart(linked, previous[place]!);
    const to = runEnd(linked, after);
    countPairs(linked, from, to, -1);
    let last = place;
    for (const [index, part] of parts.entries()) {
      if (index > 0) {
        const here = last + lengths[index - 1]!;
        next[last] = here;
        previous[here] = last;
        last = here;
      }
      tokens[last] = part;
      if (part > 255) note(linked, part, last);
    }
    next[last] = after;
    previous[after] = last;
    countPairs(linked, from, to, 1);
    count += weights ? weights[place]! : 1;
  }
  freeWords(lists, list);
  return count;
}

/** Lets a token be merged from now on. */
export function openToken(linked: LinkedTokens, token: number, places: ArrayLike<number>): void {
  const { tokens, next, previous } = linked;
  let { open } = linked;
  if (!open || open[token] === 1) return;
  if (token >= open.length) {
    const larger = new Uint8Array(Math.max(open.length * 2, token + 1));
    larger.set(open);
    open = larger;
    linked.open = open;
  }
  open[token] = 1;
  for (let index = 0; index < places.length; index += 1) {
    const place = places[index]!;
    // A run is counted where it begins.
    if (tokens[place] !== token || tokens[previous[place]!] === token) continue;
    countPairs(linked, previous[place]!, next[runEnd(linked, place)]!, 1);
  }
}
