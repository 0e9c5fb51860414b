import { popHeap, pushHeap } from '../../numeric/heap';
import type { LinkedTokens } from './linked-tokens';
import type { TokenTable } from './token-table';

interface Entry {
  readonly pair: number;
  readonly count: number;
}

/** The pairs of some sequences, the most frequent first, of equals the first by the bytes of both tokens. */
export interface BestPairs {
  /** Looks at pairs whose counts have grown. */
  update(): void;
  /** The best pair whose token is not in the vocabulary, with its count; undefined: there is none. */
  first(): Entry | undefined;
  /** A token has left the vocabulary: pairs that make it count again. */
  release(text: string): void;
}

/**
 * @param inVocabulary - Texts that no merge may make again.
 */
export function createBestPairs(
  linked: LinkedTokens,
  { texts }: TokenTable,
  inVocabulary: ReadonlySet<string>,
): BestPairs {
  const { pairs, touched } = linked;
  const heap: Entry[] = [];
  // Count of the one entry of each pair that is not outdated.
  const queued = new Map<number, number>();
  const blocked = new Map<string, number[]>();
  const left = (entry: Entry): string => texts[pairs.left[entry.pair]!]!;
  const right = (entry: Entry): string => texts[pairs.right[entry.pair]!]!;
  const compareTexts = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
  const compare = (one: Entry, other: Entry): number =>
    other.count - one.count || compareTexts(left(one), left(other)) || compareTexts(right(one), right(other));
  const put = (pair: number) => {
    const count = pairs.count[pair]!;
    if (count <= (queued.get(pair) ?? 0)) return;
    queued.set(pair, count);
    pushHeap(heap, { pair, count }, compare);
  };
  const drop = (pair: number) => {
    popHeap(heap, compare);
    queued.delete(pair);
  };
  return {
    update() {
      for (const pair of touched) put(pair);
      touched.length = 0;
    },
    first() {
      for (;;) {
        const top = heap[0];
        if (!top) return undefined;
        if (queued.get(top.pair) !== top.count) {
          popHeap(heap, compare);
        } else if (pairs.count[top.pair] !== top.count) {
          drop(top.pair);
          put(top.pair);
        } else {
          const text = left(top) + right(top);
          if (!inVocabulary.has(text)) return top;
          drop(top.pair);
          blocked.set(text, [...(blocked.get(text) ?? []), top.pair]);
        }
      }
    },
    release(text) {
      for (const pair of blocked.get(text) ?? []) put(pair);
      blocked.delete(text);
    },
  };
}
