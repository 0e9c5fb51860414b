import { popHeap, pushHeap } from '../numeric/heap';
import { compareCodePoints } from './code-point-order';

interface Head {
  readonly word: string;
  readonly count: number;
  readonly rest: Iterator<readonly [string, number]>;
}

const byWord = (one: Head, other: Head): number => compareCodePoints(one.word, other.word);

/** Merges sorted runs into one, adding up the counts of equal words. Holds one word a run. */
export function* mergeRuns(runs: readonly Iterable<readonly [string, number]>[]): Generator<readonly [string, number]> {
  const heap: Head[] = [];
  const put = (rest: Iterator<readonly [string, number]>) => {
    const next = rest.next();
    if (!next.done) pushHeap(heap, { word: next.value[0], count: next.value[1], rest }, byWord);
  };
  for (const run of runs) put(run[Symbol.iterator]());
  while (heap.length > 0) {
    const { word } = heap[0]!;
    let count = 0;
    while (heap.length > 0 && heap[0]!.word === word) {
      const top = popHeap(heap, byWord)!;
      count += top.count;
      put(top.rest);
    }
    yield [word, count];
  }
}
