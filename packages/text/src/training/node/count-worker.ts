import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { createWordCounter } from '../word-counter';
import type { CountMessage, CountOrder, CountTask } from './count-task';
import { rangeLines } from './file-ranges';
import { folderSpillStore } from './folder-spill-store';

const { pipelines, source, memory, folder } = workerData as CountTask;
const tell = (message: CountMessage) => parentPort!.postMessage(message);

const counters = pipelines.map((pipeline, index) =>
  createWordCounter({ ...pipeline, memory, spill: folderSpillStore(join(folder, String(index))) }),
);
const count = (texts: Iterable<string>): void => {
  let counted = 0;
  for (const text of texts) {
    for (const counter of counters) counter.add(text);
    counted += 1;
  }
  tell({ kind: 'counted', texts: counted });
};
const end = (): void => tell({ kind: 'done', runs: counters.map((counter) => counter.spillAll()) });

if (source.kind === 'files') {
  const taken = new Int32Array(source.next);
  for (let at = Atomics.add(taken, 0, 1); at < source.ranges.length; at = Atomics.add(taken, 0, 1)) {
    count(rangeLines(source.ranges[at]!));
  }
  end();
} else {
  parentPort!.on('message', (order: CountOrder) => {
    if (order.kind === 'count') count(order.texts);
    else end();
  });
}
