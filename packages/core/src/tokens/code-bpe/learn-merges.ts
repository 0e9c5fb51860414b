import { binaryHeap } from './binary-heap';
import { joinNext, linkedIds, none } from './linked-ids';
import { type Pair, pairTable } from './pair-table';

/** Two ids that become one. */
export type Merge = readonly [left: number, right: number];

interface Candidate {
  readonly pair: Pair;
  /** As it was when the candidate was put into the heap; the pair may have become rarer since. */
  readonly count: number;
}

/**
 * Learns merges: again and again the most frequent pair of neighbors becomes an id of its own. Of equally frequent pairs
 * the one with the smaller ids is first. Counts are kept up to date, so a merge takes time in proportion to its places.
 *
 * @param ids - Sequences with -1 between them; changed into the merged sequences.
 * @param firstId - Id of the first merge, above all ids.
 * @param most - Merges at most.
 * @param minimumFrequency - Rarer pairs stay apart; at least 1.
 */
export function learnMerges(
  ids: Int32Array,
  firstId: number,
  most: number,
  minimumFrequency: number,
): readonly Merge[] {
  const linked = linkedIds(ids);
  const table = pairTable(linked);
  const heap = binaryHeap<Candidate>(
    (a, b) =>
      a.count > b.count ||
      (a.count === b.count &&
        (a.pair.left < b.pair.left || (a.pair.left === b.pair.left && a.pair.right < b.pair.right))),
  );
  const offer = (pair: Pair): void => {
    if (pair.count >= minimumFrequency) heap.push({ pair, count: pair.count });
  };
  for (const pair of table.pairs()) offer(pair);
  const merges: Merge[] = [];
  while (merges.length < most) {
    const candidate = heap.pop();
    if (candidate === undefined) break;
    const { pair, count } = candidate;
    if (pair.count !== count) {
      // A pair never becomes more frequent after it was offered: it comes again with the count that it has now.
      if (pair.count > 0) offer(pair);
      continue;
    }
    const made = new Set<Pair>();
    for (const at of table.places(pair)) {
      const { next, previous } = linked;
      // In a run of one id the place before may have taken this one.
      if (ids[at] !== pair.left || next[at] === none || ids[next[at]!] !== pair.right) continue;
      const [before, gone] = [previous[at]!, next[at]!];
      if (before !== none) table.remove(before);
      table.remove(at);
      if (next[gone] !== none) table.remove(gone);
      joinNext(linked, at, firstId + merges.length);
      if (before !== none) made.add(table.add(before));
      if (next[at] !== none) made.add(table.add(at));
    }
    for (const own of made) offer(own);
    merges.push([pair.left, pair.right]);
  }
  return merges;
}
