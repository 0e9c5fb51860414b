import type { RandomSource } from '@tesserae/core/data';
import { gatherTokens, type MergeSpace } from './merge';
import { findPair, type PairTable } from './pair-table';
import { createRankHeap, popRank, pushRank } from './rank-heap';

/**
 * Merges like `mergeTokens`, but sets each merge aside with probability `dropout` when its turn comes; all that were set
 * aside get a new turn after the next merge that is not (BPE-dropout, arXiv 1910.13267, in the form of the Hugging Face
 * library).
 *
 * @returns Tokens left, which are the first of `space.ids`; `space.previous` tells at which symbol each begins.
 */
export function mergeWithDropout(
  space: MergeSpace,
  length: number,
  table: PairTable,
  dropout: number,
  random: RandomSource,
): number {
  const { ids, previous, next } = space;
  const heap = createRankHeap();
  const aside: { readonly rank: number; readonly position: number }[] = [];
  const offer = (left: number, right: number) => {
    const found = findPair(table, ids[left]!, ids[right]!);
    if (found >= 0) pushRank(heap, table.slots[found + 2]!, left);
  };
  for (let index = 0; index < length; index += 1) {
    previous[index] = index - 1;
    next[index] = index + 1;
    if (index + 1 < length) offer(index, index + 1);
  }
  while (popRank(heap)) {
    const { rank, position } = heap;
    if (random.uniform(1)[0]! < dropout) {
      aside.push({ rank, position });
      continue;
    }
    for (const entry of aside.splice(0)) pushRank(heap, entry.rank, entry.position);
    const right = next[position]!;
    if (ids[position] === -1 || right >= length) continue;
    const found = findPair(table, ids[position]!, ids[right]!);
    if (found < 0 || table.slots[found + 2] !== rank) continue;
    ids[position] = table.slots[found + 3]!;
    ids[right] = -1;
    const after = next[right]!;
    next[position] = after;
    if (after < length) {
      previous[after] = position;
      offer(position, after);
    }
    const before = previous[position]!;
    if (before >= 0) offer(before, position);
    space.merges += 1;
  }
  return gatherTokens(space, length);
}
