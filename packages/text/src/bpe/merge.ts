import { blockLimit, mergeInBlocks } from './merge-blocks';
import { findPair, type PairTable } from './pair-table';
import { createRankHeap, popRank, pushRank, type RankHeap } from './rank-heap';

const none = 0x7fffffff;
/** Up to here scanning an array for the lowest rank is faster than a heap. */
const shortLength = 48;

/** Working memory of {@link mergeTokens}, kept between calls; also counts the steps that were needed. */
export interface MergeSpace {
  ids: Int32Array;
  ranks: Int32Array;
  previous: Int32Array;
  next: Int32Array;
  readonly heap: RankHeap;
  /** Merges done since the space was made. */
  merges: number;
}

export function createMergeSpace(): MergeSpace {
  const empty = new Int32Array(0);
  const space = { ids: empty, ranks: empty, previous: empty, next: empty, heap: createRankHeap(), merges: 0 };
  reserveMergeSpace(space, 256);
  return space;
}

/** Makes room for `length` tokens; what `ids` held is lost. */
export function reserveMergeSpace(space: MergeSpace, length: number): void {
  if (space.ids.length >= length) return;
  const size = Math.max(length, space.ids.length * 2);
  space.ids = new Int32Array(size);
  space.ranks = new Int32Array(size);
  space.previous = new Int32Array(size);
  space.next = new Int32Array(size);
}

/**
 * Merges the first `length` of `space.ids` until no pair is in the table: always the pair of lowest rank, the leftmost
 * of equals. Steps grow with the length; where blocks do not work out, with the length times its logarithm.
 *
 * @returns Tokens left, which are the first of `space.ids`.
 */
export function mergeTokens(space: MergeSpace, length: number, table: PairTable): number {
  return length <= shortLength ? mergeShort(space, length, table, false) : mergeMany(space, length, table);
}

/** The same; `space.previous` then tells at which symbol each token begins. */
export function mergeTracked(space: MergeSpace, length: number, table: PairTable): number {
  if (length > shortLength) return mergeMany(space, length, table);
  for (let index = 0; index < length; index += 1) space.previous[index] = index;
  return mergeShort(space, length, table, true);
}

function mergeMany(space: MergeSpace, length: number, table: PairTable): number {
  const count = length < blockLimit ? -1 : mergeInBlocks(space, length, table, mergeTracked);
  return count < 0 ? mergeLong(space, length, table) : count;
}

function mergeShort(space: MergeSpace, length: number, table: PairTable, tracked: boolean): number {
  // Of every pair its rank, and where it is in the table.
  const { ids, ranks, previous, next: places } = space;
  const { slots } = table;
  let count = length;
  for (let index = 0; index + 1 < count; index += 1) {
    const place = findPair(table, ids[index]!, ids[index + 1]!);
    places[index] = place;
    ranks[index] = place < 0 ? none : slots[place + 2]!;
  }
  for (;;) {
    let lowest = none;
    let at = -1;
    for (let index = 0; index + 1 < count; index += 1) {
      if (ranks[index]! < lowest) {
        lowest = ranks[index]!;
        at = index;
      }
    }
    if (at < 0) return count;
    ids[at] = slots[places[at]! + 3]!;
    count -= 1;
    for (let index = at + 1; index < count; index += 1) {
      ids[index] = ids[index + 1]!;
      ranks[index] = ranks[index + 1]!;
      places[index] = places[index + 1]!;
    }
    if (tracked) for (let index = at + 1; index < count; index += 1) previous[index] = previous[index + 1]!;
    for (let index = Math.max(0, at - 1); index <= at && index + 1 < count; index += 1) {
      const place = findPair(table, ids[index]!, ids[index + 1]!);
      places[index] = place;
      ranks[index] = place < 0 ? none : slots[place + 2]!;
    }
    space.merges += 1;
  }
}

function mergeLong(space: MergeSpace, length: number, table: PairTable): number {
  space.heap.count = 0;
  offerPairs(space, 0, length, length, table);
  mergeOffered(space, length, table, Infinity);
  return gatherTokens(space, length);
}

/** Links the symbols `start..end` of `length` and puts the pairs that begin there on the heap. */
export function offerPairs(space: MergeSpace, start: number, end: number, length: number, table: PairTable): void {
  const { ids, ranks, previous, next, heap } = space;
  for (let index = start; index < end; index += 1) {
    previous[index] = index - 1;
    next[index] = index + 1;
    const rank = index + 1 < length ? rankOf(table, ids[index]!, ids[index + 1]!) : none;
    ranks[index] = rank;
    if (rank !== none) pushRank(heap, rank, index);
  }
}

/** Takes up to `most` pairs off the heap and merges them. False: nothing is left. */
export function mergeOffered(space: MergeSpace, length: number, table: PairTable, most: number): boolean {
  const { ids, ranks, previous, next, heap } = space;
  for (let taken = 0; taken < most; taken += 1) {
    if (!popRank(heap)) return false;
    const at = heap.position;
    // An entry is stale when its place was merged away (rank -1) or has another right neighbour by now.
    if (ranks[at] !== heap.rank) continue;
    const right = next[at]!;
    ids[at] = table.slots[findPair(table, ids[at]!, ids[right]!) + 3]!;
    ranks[right] = -1;
    const after = next[right]!;
    next[at] = after;
    ranks[at] = none;
    if (after < length) {
      previous[after] = at;
      renewRank(heap, ranks, at, rankOf(table, ids[at]!, ids[after]!));
    }
    const before = previous[at]!;
    if (before >= 0) renewRank(heap, ranks, before, rankOf(table, ids[before]!, ids[at]!));
    space.merges += 1;
  }
  return true;
}

/** Moves the tokens that are left to the front of `ids`, and the place of the first symbol of each into `previous`. */
export function gatherTokens({ ids, previous, next }: MergeSpace, length: number): number {
  let count = 0;
  for (let index = 0; index < length; index = next[index]!) {
    ids[count] = ids[index]!;
    previous[count++] = index;
  }
  return count;
}

function renewRank(heap: RankHeap, ranks: Int32Array, at: number, rank: number): void {
  ranks[at] = rank;
  if (rank !== none) pushRank(heap, rank, at);
}

function rankOf(table: PairTable, left: number, right: number): number {
  const found = findPair(table, left, right);
  return found < 0 ? none : table.slots[found + 2]!;
}
