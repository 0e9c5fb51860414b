import type { Worker } from 'node:worker_threads';
import type { WordCounts } from '../word-counts';
import type { WordPipeline } from '../word-splitter';
import type { CountMessage, CountOrder } from './count-task';
import { countInThreads, type CountThreadsOptions, workerProgram } from './count-threads';

/** UTF-16 units that go to a thread at once; a longer text goes by itself. */
const batchUnits = 1 << 18;

/** Batches that a thread has at once: one to work on, one that waits. */
const batchesAtOnce = 2;

/**
 * Counts the words of a stream of texts in threads. The stream is read as fast as the threads count. Counts go to disk
 * before they take more than `memory` bytes in all threads together (default 2 GiB), and so do the words that are given
 * back: the most frequent ones.
 *
 * @param texts - A line, a document or a record each; words never reach over their ends.
 * @param pipelines - Each gives counts of its own.
 * @param program - The thread's program, for tests.
 * @throws {InputError} An option out of its range.
 * @throws The reason of the signal, where it was aborted, and what the stream throws.
 */
export const countTextsInThreads = (
  texts: AsyncIterable<string> | Iterable<string>,
  pipelines: readonly WordPipeline[],
  options: CountThreadsOptions = {},
  program: URL = workerProgram,
): Promise<WordCounts[]> =>
  countInThreads(pipelines, options, program, () => ({
    most: Infinity,
    source: { kind: 'messages' },
    feed: (workers, signal) => feedTexts(workers, texts, signal),
  }));

async function feedTexts(
  workers: readonly Worker[],
  texts: AsyncIterable<string> | Iterable<string>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const free = Array.from({ length: batchesAtOnce }, () => workers).flat();
  let wake = () => {};
  for (const worker of workers) {
    worker.on('message', ({ kind }: CountMessage) => {
      if (kind === 'counted') free.push(worker);
      wake();
    });
  }
  signal?.addEventListener('abort', () => wake(), { once: true });
  for await (const batch of batches(texts)) {
    while (free.length === 0 && !signal?.aborted) await new Promise<void>((resolve) => (wake = resolve));
    signal?.throwIfAborted();
    order(free.shift()!, { kind: 'count', texts: batch });
  }
  for (const worker of workers) order(worker, { kind: 'end' });
}

const order = (worker: Worker, message: CountOrder): void => worker.postMessage(message);

async function* batches(texts: AsyncIterable<string> | Iterable<string>): AsyncGenerator<readonly string[]> {
  let batch: string[] = [];
  let units = 0;
  for await (const text of texts) {
    batch.push(text);
    units += text.length;
    if (units < batchUnits) continue;
    yield batch;
    batch = [];
    units = 0;
  }
  if (batch.length > 0) yield batch;
}
