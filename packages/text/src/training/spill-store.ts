/**
 * Where a word counter puts sorted runs that no longer fit into memory. Runs have the numbers 0, 1, 2, …
 *
 * Synchronous, as the counter is: `folderSpillStore` of the entry `train-node` writes files; in a worker of a browser
 * the synchronous handles of the origin private file system fit.
 */
export interface SpillStore {
  /** Adds bytes to the end of a run; the first call makes it. The bytes must be copied. */
  append(run: number, bytes: Uint8Array): void;
  /** Up to `length` bytes behind `offset`: fewer only at the end of the run, none behind it. */
  read(run: number, offset: number, length: number): Uint8Array;
  /** Frees a run. */
  remove(run: number): void;
}

/** Keeps runs in memory, compactly: a third of what a `Map` of the words needs. */
export function memorySpillStore(): SpillStore {
  const runs = new Map<number, { bytes: Uint8Array; length: number }>();
  return {
    append(run, bytes) {
      const known = runs.get(run) ?? { bytes: new Uint8Array(bytes.length), length: 0 };
      if (known.bytes.length < known.length + bytes.length) {
        const larger = new Uint8Array((known.length + bytes.length) * 2);
        larger.set(known.bytes.subarray(0, known.length));
        known.bytes = larger;
      }
      known.bytes.set(bytes, known.length);
      known.length += bytes.length;
      runs.set(run, known);
    },
    read(run, offset, length) {
      const known = runs.get(run);
      return known
        ? known.bytes.subarray(Math.min(offset, known.length), Math.min(offset + length, known.length))
        : new Uint8Array(0);
    },
    remove(run) {
      runs.delete(run);
    },
  };
}

/** A part of a store for one of several counters: its runs are every `count`-th of the store, from `index` on. */
export function shareStore(store: SpillStore, index: number, count: number): SpillStore {
  if (count === 1) return store;
  const numberOf = (run: number): number => run * count + index;
  return {
    append: (run, bytes) => store.append(numberOf(run), bytes),
    read: (run, offset, length) => store.read(numberOf(run), offset, length),
    remove: (run) => store.remove(numberOf(run)),
  };
}
