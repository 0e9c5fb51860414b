/** Smallest rank first, of equals the leftmost position. Keys are `rank * 2^29 + position`, exact in a double. */
export interface RankHeap {
  keys: Float64Array;
  count: number;
  /** Of the entry that {@link popRank} took. */
  rank: number;
  position: number;
}

const positions = 2 ** 29;

export function createRankHeap(): RankHeap {
  return { keys: new Float64Array(256), count: 0, rank: 0, position: 0 };
}

/** @param rank - Below 2^24. @param position - Below 2^29. */
export function pushRank(heap: RankHeap, rank: number, position: number): void {
  if (heap.count === heap.keys.length) {
    const larger = new Float64Array(heap.count * 2);
    larger.set(heap.keys);
    heap.keys = larger;
  }
  const { keys } = heap;
  const key = rank * positions + position;
  let at = heap.count++;
  while (at > 0) {
    const parent = (at - 1) >> 2;
    if (keys[parent]! <= key) break;
    keys[at] = keys[parent]!;
    at = parent;
  }
  keys[at] = key;
}

/** Takes the smallest entry into `rank` and `position`; false where there is none. */
export function popRank(heap: RankHeap): boolean {
  if (heap.count === 0) return false;
  const { keys } = heap;
  const top = keys[0]!;
  heap.rank = Math.floor(top / positions);
  heap.position = top - heap.rank * positions;
  const last = keys[--heap.count]!;
  const count = heap.count;
  let at = 0;
  for (;;) {
    let child = at * 4 + 1;
    if (child >= count) break;
    const end = Math.min(child + 4, count);
    for (let other = child + 1; other < end; other += 1) if (keys[other]! < keys[child]!) child = other;
    if (keys[child]! >= last) break;
    keys[at] = keys[child]!;
    at = child;
  }
  keys[at] = last;
  return true;
}
