import { InputError } from '@tesserae/core/data';
import { type Merge, type PairHistory, pairKey } from './pair-history';

/** Histories of all categories with pairs as numbers. */
export interface MixturePairs {
  /** Pairs that any category has in the steps that count. */
  readonly pairCount: number;
  /** Pair of every merge; -1 where no category has it. */
  readonly merges: Int32Array;
  /** Per category: counts before the first merge. */
  readonly initial: readonly Int32Array[];
  /** Per step and category: `[pair, new count]` end to end. */
  readonly changes: readonly (readonly Int32Array[])[];
  /** Per category: what its counts are divided by. */
  readonly divisors: Float64Array;
}

/**
 * @param limit - Merges that count.
 * @throws {InputError} No categories, or one without pairs.
 */
export function numberPairs(
  histories: readonly PairHistory[],
  merges: readonly Merge[],
  divisors: readonly number[],
  limit: number,
): MixturePairs {
  if (histories.length === 0) throw new InputError('categories', 'at least one', 'none');
  const empty = divisors.findIndex((divisor) => !(divisor > 0));
  if (empty >= 0) throw new InputError(`categories[${empty}]`, 'text with pairs', `${divisors[empty]} pairs`);
  const ids = new Map<string, number>();
  const idOf = (key: string): number => {
    let id = ids.get(key);
    if (id === undefined) ids.set(key, (id = ids.size));
    return id;
  };
  const pairsOf = (counts: ReadonlyMap<string, number>): Int32Array =>
    Int32Array.from(Array.from(counts, ([key, count]) => [idOf(key), count]).flat());
  const initial = histories.map((history) => pairsOf(history.initial));
  const changes = Array.from({ length: Math.max(0, limit - 1) }, (_, step) =>
    histories.map((history) => pairsOf(history.changes[step] ?? new Map<string, number>())),
  );
  return {
    pairCount: ids.size,
    merges: Int32Array.from(merges.slice(0, limit), ([left, right]) => ids.get(pairKey(left, right)) ?? -1),
    initial: initial.map((entries) => {
      const counts = new Int32Array(ids.size);
      for (let at = 0; at < entries.length; at += 2) counts[entries[at]!] = entries[at + 1]!;
      return counts;
    }),
    changes,
    divisors: Float64Array.from(divisors),
  };
}
