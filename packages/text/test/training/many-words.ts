import { parentPort, workerData } from 'node:worker_threads';
import { folderSpillStore } from '../../src/training/node/folder-spill-store';
import { createWordCounter } from '../../src/training/word-counter';

interface ManyWords {
  /** Where counts are spilled; undefined: nowhere. */
  readonly folder: string | undefined;
  readonly words: number;
  readonly memory: number;
}

/** Counts distinct words, each twice, and tells how many there are, without holding them all. */
const { folder, words, memory } = workerData as ManyWords;
const counter = createWordCounter({
  preTokenizer: { type: 'WhitespaceSplit' },
  ...(folder !== undefined && { spill: folderSpillStore(folder), memory }),
});
for (let line = 0; line < words; line += 1) {
  counter.add(`a-rather-long-word-${line} a-rather-long-word-${(line * 7) % words}`);
}
let distinct = 0;
for (const [, count] of counter.entries()) {
  if (count !== 2) throw new Error(`a word was counted ${count} times`);
  distinct += 1;
}
counter.dispose();
parentPort!.postMessage(distinct);
