import type { PairCounts } from './pair-counts';
import { enlarge } from './word-lists';

/**
 * Pairs that wait to be merged: the most frequent first, of equals the smallest left id, then the smallest right id.
 * A pair may be in the queue several times, each time with the words that came up since the time before.
 */
export interface MergeQueue {
  pair: Int32Array;
  /** Count when the entry was put in or last looked at. */
  count: Float64Array;
  /** A list of words. */
  words: Int32Array;
  size: number;
}

export function createMergeQueue(): MergeQueue {
  const room = 1024;
  return { pair: new Int32Array(room), count: new Float64Array(room), words: new Int32Array(room), size: 0 };
}

/** Adds an entry. */
export function pushMerge(queue: MergeQueue, pairs: PairCounts, pair: number, count: number, words: number): void {
  if (queue.size === queue.pair.length) {
    queue.pair = enlarge(queue.pair);
    queue.count = enlarge(queue.count);
    queue.words = enlarge(queue.words);
  }
  let at = queue.size++;
  while (at > 0) {
    const parent = (at - 1) >> 2;
    if (!isBefore(pairs, pair, count, queue.pair[parent]!, queue.count[parent]!)) break;
    moveEntry(queue, parent, at);
    at = parent;
  }
  setEntry(queue, at, pair, count, words);
}

/** Drops the first entry. */
export function dropFirst(queue: MergeQueue, pairs: PairCounts): void {
  const last = --queue.size;
  if (last > 0) sink(queue, pairs, queue.pair[last]!, queue.count[last]!, queue.words[last]!);
}

/** Gives the first entry another count. */
export function recountFirst(queue: MergeQueue, pairs: PairCounts, count: number): void {
  sink(queue, pairs, queue.pair[0]!, count, queue.words[0]!);
}

/** Puts an entry at the top and lets it sink to its place. */
function sink(queue: MergeQueue, pairs: PairCounts, pair: number, count: number, words: number): void {
  const { size } = queue;
  let at = 0;
  for (;;) {
    let child = at * 4 + 1;
    if (child >= size) break;
    const end = Math.min(child + 4, size);
    for (let other = child + 1; other < end; other += 1) {
      if (isBefore(pairs, queue.pair[other]!, queue.count[other]!, queue.pair[child]!, queue.count[child]!)) {
        child = other;
      }
    }
    if (!isBefore(pairs, queue.pair[child]!, queue.count[child]!, pair, count)) break;
    moveEntry(queue, child, at);
    at = child;
  }
  setEntry(queue, at, pair, count, words);
}

function isBefore(pairs: PairCounts, pair: number, count: number, other: number, otherCount: number): boolean {
  if (count !== otherCount) return count > otherCount;
  const difference = pairs.left[pair]! - pairs.left[other]!;
  return difference === 0 ? pairs.right[pair]! < pairs.right[other]! : difference < 0;
}

function moveEntry(queue: MergeQueue, from: number, to: number): void {
  setEntry(queue, to, queue.pair[from]!, queue.count[from]!, queue.words[from]!);
}

function setEntry(queue: MergeQueue, at: number, pair: number, count: number, words: number): void {
  queue.pair[at] = pair;
  queue.count[at] = count;
  queue.words[at] = words;
}
