import { TokensError } from '../../errors/tokens-error';
import { binaryHeap } from './binary-heap';
import type { Merge } from './learn-merges';
import { joinNext, linkedIds, none } from './linked-ids';

/** Merges in the order in which they were learned, ready to be applied. */
export interface MergeRules {
  /** Id of the first merge. */
  readonly firstId: number;
  readonly merges: readonly Merge[];
  /** Number of the merge of two ids, by left and right id. */
  readonly ranks: ReadonlyMap<number, ReadonlyMap<number, number>>;
  /** Ids that each merge stands for. */
  readonly lengths: Float64Array;
}

/** @throws {TokensError} `malformed`: a merge of ids that are not there yet, or two of the same ids. */
export function mergeRules(firstId: number, merges: readonly Merge[]): MergeRules {
  const ranks = new Map<number, Map<number, number>>();
  const lengths = new Float64Array(merges.length);
  const lengthOf = (id: number): number => (id < firstId ? 1 : lengths[id - firstId]!);
  for (const [rank, [left, right]] of merges.entries()) {
    const known = [left, right].every((id) => Number.isInteger(id) && id >= 0 && id < firstId + rank);
    const row = ranks.get(left) ?? new Map<number, number>();
    if (!known || row.has(right)) {
      throw new TokensError(
        'malformed',
        `merges[${rank}]: expected two ids below ${firstId + rank}, new as a pair, got ${left}, ${right}.`,
      );
    }
    ranks.set(left, row.set(right, rank));
    lengths[rank] = lengthOf(left) + lengthOf(right);
  }
  return { firstId, merges, ranks, lengths };
}

/** Joins ids by the merges, earliest learned first, each from the front; -1 stays, and nothing is joined across it. */
export function applyMerges(ids: Int32Array, { firstId, ranks }: MergeRules): Int32Array {
  const linked = linkedIds(ids.slice());
  const heap = binaryHeap<{ readonly rank: number; readonly at: number }>(
    (a, b) => a.rank < b.rank || (a.rank === b.rank && a.at < b.at),
  );
  const rankAt = (at: number): number | undefined => {
    const after = linked.next[at]!;
    return after === none ? undefined : ranks.get(linked.ids[at]!)?.get(linked.ids[after]!);
  };
  const offer = (at: number): void => {
    const rank = rankAt(at);
    if (rank !== undefined) heap.push({ rank, at });
  };
  for (let at = 0; at < ids.length; at += 1) offer(at);
  const gone = new Uint8Array(ids.length);
  for (let entry = heap.pop(); entry !== undefined; entry = heap.pop()) {
    const { rank, at } = entry;
    if (rankAt(at) !== rank) continue;
    gone[linked.next[at]!] = 1;
    joinNext(linked, at, firstId + rank);
    if (linked.previous[at] !== none) offer(linked.previous[at]!);
    offer(at);
  }
  return linked.ids.filter((_, at) => gone[at] === 0);
}

/**
 * The ids that merged ids stand for; -1 stays.
 *
 * @param length - How many ids they have to be.
 * @throws {TokensError} `out-of-range`: an id that is no id of the rules; `invalid-tokens`: another number of ids.
 */
export function undoMerges(merged: Int32Array, length: number, { firstId, merges, lengths }: MergeRules): Int32Array {
  let total = 0;
  for (const [index, id] of merged.entries()) {
    if (id < -1 || id >= firstId + merges.length) {
      throw new TokensError(
        'out-of-range',
        `ids[${index}]: expected 0..${firstId + merges.length - 1} or -1, got ${id}.`,
      );
    }
    total += id < firstId ? 1 : lengths[id - firstId]!;
  }
  if (total !== length) {
    throw new TokensError('invalid-tokens', `merged ids: expected ids that stand for ${length} ids, got ${total}.`);
  }
  const ids = new Int32Array(length);
  let at = 0;
  const stack: number[] = [];
  for (const id of merged) {
    stack.push(id);
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      if (top < firstId) {
        ids[at] = top;
        at += 1;
      } else {
        const [left, right] = merges[top - firstId]!;
        stack.push(right, left);
      }
    }
  }
  return ids;
}
