import { UnsupportedError } from '../../errors/unsupported-error';
import { type LinkedIds, none } from './linked-ids';

/** Ids are numbered below this, so that two of them make one exact number. */
const mostIds = 2 ** 26;

/** Two ids beside each other, how often, and where. */
export interface Pair {
  readonly left: number;
  readonly right: number;
  count: number;
  /** First place of a chain of the places where it begins. */
  head: number;
}

/** All pairs of neighbors of a sequence, kept up to date while it changes. */
export interface PairTable {
  pairs(): IterableIterator<Pair>;
  find(left: number, right: number): Pair | undefined;
  /** Counts the pair that begins at a place. */
  add(at: number): Pair;
  /** Forgets the pair that begins at a place; to be called before the ids change. */
  remove(at: number): void;
  /** Places where a pair begins, ascending. */
  places(pair: Pair): Int32Array;
}

/** @throws {UnsupportedError} An id of 2^26 or more. */
export function pairTable({ ids, next }: LinkedIds): PairTable {
  if (ids.some((id) => id >= mostIds)) {
    throw new UnsupportedError('pairTable', `more than ${mostIds} different ids.`);
  }
  const pairs = new Map<number, Pair>();
  /** Chains of the places of each pair. */
  const after = new Int32Array(ids.length).fill(none);
  const before = new Int32Array(ids.length).fill(none);
  const find = (left: number, right: number): Pair | undefined => pairs.get(left * mostIds + right);

  const add = (at: number): Pair => {
    const [left, right] = [ids[at]!, ids[next[at]!]!];
    const key = left * mostIds + right;
    let pair = pairs.get(key);
    if (pair === undefined) {
      pair = { left, right, count: 0, head: none };
      pairs.set(key, pair);
    }
    after[at] = pair.head;
    before[at] = none;
    if (pair.head !== none) before[pair.head] = at;
    pair.head = at;
    pair.count += 1;
    return pair;
  };
  for (let at = 0; at < ids.length; at += 1) {
    if (next[at] !== none) add(at);
  }
  return {
    pairs: () => pairs.values(),
    find,
    add,
    remove: (at) => {
      const [left, right] = [ids[at]!, ids[next[at]!]!];
      const pair = find(left, right)!;
      const [later, earlier] = [after[at]!, before[at]!];
      if (earlier === none) pair.head = later;
      else after[earlier] = later;
      if (later !== none) before[later] = earlier;
      pair.count -= 1;
      if (pair.count === 0) pairs.delete(left * mostIds + right);
    },
    places: (pair) => {
      const places = new Int32Array(pair.count);
      for (let index = 0, at = pair.head; at !== none; index += 1, at = after[at]!) {
        places[index] = at;
      }
      return places.sort();
    },
  };
}
