import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { InputError } from '@tesserae/core/data';
import { readRun } from '../count-run';
import { mergeRuns } from '../merge-runs';
import type { FinishOptions } from '../progress';
import { selectWords, type WordCounts, type WordSelection } from '../word-counts';
import { createWordSplitter, type WordPipeline } from '../word-splitter';
import type { CountMessage, CountSource, CountTask } from './count-task';
import { folderSpillStore } from './folder-spill-store';
import { makeTemporaryFolder } from './temporary-folder';

/** How words are counted in threads. */
export interface CountThreadsOptions extends WordSelection, FinishOptions {
  /** Threads that count. Default 1. */
  readonly threads?: number;
  /** Where the folder for temporary files is made, which is removed in the end. Default: the system's. */
  readonly temporaryFolder?: string;
}

/** What there is to count. */
export interface CountedSource {
  /** Threads that it can keep busy. */
  readonly most: number;
  /** What each thread gets at its start. */
  readonly source: CountSource;
  /** Gives the threads what they do not find themselves. */
  readonly feed?: (workers: readonly Worker[], signal: AbortSignal | undefined) => Promise<void>;
}

const defaultMemory = 2 ** 31;

/** The thread's program: beside this file when it is built. */
export const workerProgram = new URL('./count-worker.js', import.meta.url);

/**
 * Counts words in threads. Counts go to disk before they take more than `memory` bytes in all threads together (default
 * 2 GiB), and so do the words that are given back: the most frequent ones. The temporary folder is removed whatever
 * happens.
 *
 * @param pipelines - Each gives counts of its own.
 * @param open - Begins with the source, once the options are known to be in order.
 * @throws {InputError} An option out of its range.
 * @throws The reason of the signal, where it was aborted.
 */
export async function countInThreads(
  pipelines: readonly WordPipeline[],
  options: CountThreadsOptions,
  program: URL,
  open: () => CountedSource,
): Promise<WordCounts[]> {
  const { threads = 1, memory = defaultMemory, temporaryFolder = tmpdir(), onProgress, signal } = options;
  if (!(Number.isInteger(threads) && threads >= 1)) {
    throw new InputError('threads', 'an integer from 1', String(threads));
  }
  if (!(memory >= 1)) throw new InputError('memory', 'a number of bytes from 1', String(memory));
  // What is wrong with the pipeline is said here, with its type.
  for (const pipeline of pipelines) createWordSplitter(pipeline);
  const { most, source, feed } = open();
  signal?.throwIfAborted();
  const folder = makeTemporaryFolder(temporaryFolder);
  try {
    const count = Math.max(1, Math.min(threads, most));
    const share = Math.max(1, memory / count / pipelines.length);
    let done = 0;
    const folders = Array.from({ length: count }, (_, index) => join(folder, String(index)));
    const told = await runAll(
      folders.map((own): CountTask => ({ pipelines, source, memory: share, folder: own })),
      program,
      (texts) => {
        done += texts;
        onProgress?.({ stage: 'count-words', done });
      },
      feed,
      signal,
    );
    onProgress?.({ stage: 'count-words', done, total: done });
    return pipelines.map((_, pipeline) => {
      const entries = () =>
        mergeRuns(
          told.flatMap((runs, thread) => readStored(join(folders[thread]!, String(pipeline)), runs[pipeline]!)),
        );
      return selectWords(entries, { ...options, memory });
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readStored(folder: string, runs: readonly number[]): Iterable<readonly [string, number]>[] {
  const store = folderSpillStore(folder);
  return runs.map((run) => readRun((offset, length) => store.read(run, offset, length), `spilled run ${run}`));
}

/** Runs a thread for each task; none is left when this ends. */
async function runAll(
  tasks: readonly CountTask[],
  program: URL,
  onTexts: (texts: number) => void,
  feed: CountedSource['feed'],
  signal: AbortSignal | undefined,
): Promise<(readonly (readonly number[])[])[]> {
  const workers = tasks.map((workerData) => new Worker(program, { workerData }));
  const ended = new AbortController();
  const stop = () => ended.abort(signal!.reason);
  signal?.addEventListener('abort', stop, { once: true });
  const aborted = new Promise<never>((_, reject) => {
    ended.signal.addEventListener('abort', () => reject(ended.signal.reason), { once: true });
  });
  const found = Promise.all(workers.map((worker) => finished(worker, onTexts)));
  try {
    await Promise.race([aborted, Promise.all([found, feed?.(workers, ended.signal)])]);
    return await found;
  } catch (error) {
    // The source is told to end too.
    ended.abort(error);
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function finished(worker: Worker, onTexts: (texts: number) => void): Promise<readonly (readonly number[])[]> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: CountMessage) => {
      if (message.kind === 'done') resolve(message.runs);
      else onTexts(message.texts);
    });
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`a counting thread ended with ${code}`)));
  });
}
