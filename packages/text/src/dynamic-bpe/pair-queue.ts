import { popHeap, pushHeap } from '../numeric/heap';

/** A pair of neighbouring tokens. */
export interface QueuedPair {
  readonly left: number;
  readonly right: number;
  /** Occurrences at present. */
  count: number;
  /** Where it was ever seen, as a binary heap; places where it is no more are dropped when they come up. */
  readonly positions: number[];
}

interface Entry {
  readonly pair: QueuedPair;
  readonly count: number;
  readonly first: number;
}

/** Gives the most frequent pair; of equals that which comes first in the batch. Entries are renewed, not changed. */
export interface PairQueue {
  readonly entries: Entry[];
}

export const createPairQueue = (): PairQueue => ({ entries: [] });

/** To be called after every change of a pair. */
export function offerPair({ entries }: PairQueue, pair: QueuedPair, first: number): void {
  pushHeap(entries, { pair, count: pair.count, first }, compareEntries);
}

/** Takes the best pair, where `firstOf` gives the first present position of a pair. */
export function takePair(queue: PairQueue, firstOf: (pair: QueuedPair) => number): QueuedPair | undefined {
  for (;;) {
    const entry = popHeap(queue.entries, compareEntries);
    if (!entry) return undefined;
    const { pair, count, first } = entry;
    // Whatever changed a pair has queued it again, so entries that no longer hold can go.
    if (count === pair.count && count > 0 && first === firstOf(pair)) return pair;
  }
}

const compareEntries = (a: Entry, b: Entry): number => b.count - a.count || a.first - b.first;
