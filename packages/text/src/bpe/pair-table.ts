/**
 * Merges: a pair of neighbouring tokens gives a rank (lower goes first) and the token that they become. Open addressing
 * over `[left, right, rank, merged]`; an empty slot has left -1.
 */
export interface PairTable {
  slots: Int32Array;
  count: number;
}

/** @param capacity - Pairs expected; the table grows when there are more. */
export function createPairTable(capacity: number): PairTable {
  let size = 16;
  while (size * 0.6 < capacity) size *= 2;
  return { slots: new Int32Array(size * 4).fill(-1), count: 0 };
}

/** Index of the pair in `slots`, or -1. */
export function findPair({ slots }: PairTable, left: number, right: number): number {
  const mask = slots.length - 4;
  let at = hashPair(left, right) & mask;
  for (;;) {
    const found = slots[at]!;
    if (found === left && slots[at + 1] === right) return at;
    if (found === -1) return -1;
    at = (at + 4) & mask;
  }
}

/** Adds a pair, or replaces what it gives. */
export function setPair(table: PairTable, left: number, right: number, rank: number, merged: number): void {
  if ((table.count + 1) * 4 > table.slots.length * 0.6) grow(table);
  const { slots } = table;
  const mask = slots.length - 4;
  let at = hashPair(left, right) & mask;
  while (slots[at] !== -1 && (slots[at] !== left || slots[at + 1] !== right)) at = (at + 4) & mask;
  if (slots[at] === -1) table.count += 1;
  slots[at] = left;
  slots[at + 1] = right;
  slots[at + 2] = rank;
  slots[at + 3] = merged;
}

function grow(table: PairTable): void {
  const old = table.slots;
  table.slots = new Int32Array(old.length * 2).fill(-1);
  table.count = 0;
  for (let at = 0; at < old.length; at += 4) {
    if (old[at] !== -1) setPair(table, old[at]!, old[at + 1]!, old[at + 2]!, old[at + 3]!);
  }
}

/** Multiples of 4. */
function hashPair(left: number, right: number): number {
  const mixed = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) << 2;
}
