import { readRun, writeRun } from './count-run';
import { mergeRuns } from './merge-runs';
import type { SpillStore } from './spill-store';

/** So many runs are merged into one: a reader holds a block of each. */
const mostRuns = 64;

/** The runs that a counter has put away. */
export interface RunSet {
  /** Runs put away so far, merged ones too. */
  readonly written: number;
  /** Numbers of the runs that are there now. */
  readonly kept: readonly number[];
  /** Puts sorted words away as a new run. */
  add(words: Iterable<readonly [string, number]>): void;
  /** The words of each run that is there now. */
  readAll(): Iterable<readonly [string, number]>[];
  /** Frees all runs. */
  clear(): void;
}

export function createRunSet(store: SpillStore): RunSet {
  let kept: number[] = [];
  let next = 0;
  const put = (words: Iterable<readonly [string, number]>): number => {
    const run = next++;
    try {
      for (const block of writeRun(words)) store.append(run, block);
    } catch (error) {
      store.remove(run);
      throw error;
    }
    return run;
  };
  const open = (run: number) => readRun((offset, length) => store.read(run, offset, length), `spilled run ${run}`);
  return {
    get written() {
      return next;
    },
    get kept() {
      return kept;
    },
    add(words) {
      kept.push(put(words));
      if (kept.length < mostRuns) return;
      const merged = put(mergeRuns(kept.map(open)));
      for (const run of kept) store.remove(run);
      kept = [merged];
    },
    readAll: () => kept.map(open),
    clear() {
      for (const run of kept) store.remove(run);
      kept = [];
    },
  };
}
