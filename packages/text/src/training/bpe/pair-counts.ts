import { enlarge } from './word-lists';

/**
 * Counts of pairs of neighbouring tokens. Pairs are numbered as they come up; open addressing finds the number.
 */
export interface PairCounts {
  /** Numbers of pairs by hash; -1: none. */
  slots: Int32Array;
  left: Int32Array;
  right: Int32Array;
  /** 32-bit integers that wrap, as in the Hugging Face library. */
  count: Int32Array;
  /** Words where the pair came up since it was last put into the queue: a list of {@link WordLists}. */
  waiting: Int32Array;
  size: number;
}

export function createPairCounts(): PairCounts {
  const room = 1024;
  return {
    slots: new Int32Array(room * 2).fill(-1),
    left: new Int32Array(room),
    right: new Int32Array(room),
    count: new Int32Array(room),
    waiting: new Int32Array(room).fill(-1),
    size: 0,
  };
}

/** Number of a pair, which is new if need be. */
export function pairNumber(pairs: PairCounts, left: number, right: number): number {
  const mask = pairs.slots.length - 1;
  let at = hashPair(left, right) & mask;
  for (let pair = pairs.slots[at]!; pair >= 0; pair = pairs.slots[at]!) {
    if (pairs.left[pair] === left && pairs.right[pair] === right) return pair;
    at = (at + 1) & mask;
  }
  return addPair(pairs, at, left, right);
}

function addPair(pairs: PairCounts, at: number, left: number, right: number): number {
  const pair = pairs.size++;
  pairs.slots[at] = pair;
  pairs.left[pair] = left;
  pairs.right[pair] = right;
  if (pairs.size === pairs.left.length) grow(pairs);
  return pair;
}

function grow(pairs: PairCounts): void {
  const { size } = pairs;
  pairs.left = enlarge(pairs.left);
  pairs.right = enlarge(pairs.right);
  pairs.count = enlarge(pairs.count);
  pairs.waiting = enlarge(pairs.waiting).fill(-1, size);
  const slots = new Int32Array(pairs.slots.length * 2).fill(-1);
  const mask = slots.length - 1;
  for (let pair = 0; pair < size; pair += 1) {
    let at = hashPair(pairs.left[pair]!, pairs.right[pair]!) & mask;
    while (slots[at]! >= 0) at = (at + 1) & mask;
    slots[at] = pair;
  }
  pairs.slots = slots;
}

function hashPair(left: number, right: number): number {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}
