import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { createWordCounter } from '../word-counter';
import type { CountMessage, CountTask } from './count-task';
import { rangeLines } from './file-ranges';
import { folderSpillStore } from './folder-spill-store';

const { pipelines, ranges, next, memory, folder } = workerData as CountTask;
const tell = (message: CountMessage) => parentPort!.postMessage(message);

const counters = pipelines.map((pipeline, index) =>
  createWordCounter({ ...pipeline, memory, spill: folderSpillStore(join(folder, String(index))) }),
);
const taken = new Int32Array(next);
for (let at = Atomics.add(taken, 0, 1); at < ranges.length; at = Atomics.add(taken, 0, 1)) {
  const range = ranges[at]!;
  let texts = 0;
  for (const line of rangeLines(range)) {
    for (const counter of counters) counter.add(line);
    texts += 1;
  }
  tell({ kind: 'range', texts, bytes: range.end - range.start });
}
tell({ kind: 'done', runs: counters.map((counter) => counter.spillAll()) });
