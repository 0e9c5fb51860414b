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
import type { CountMessage, CountTask } from './count-task';
import { fileRanges } from './file-ranges';
import { folderSpillStore } from './folder-spill-store';
import { makeTemporaryFolder } from './temporary-folder';

/** How {@link countFiles} counts. */
export interface CountFilesOptions extends WordSelection, FinishOptions {
  /** Threads that count. Default 1. */
  readonly threads?: number;
  /** Where the folder for temporary files is made, which is removed in the end. Default: the system's. */
  readonly temporaryFolder?: string;
}

/** Bytes that a thread takes at a time. */
const rangeSize = 8 * 2 ** 20;
const defaultMemory = 2 ** 31;

/** The thread's program: beside this file when it is built. */
const workerProgram = new URL('./count-worker.js', import.meta.url);

/**
 * Counts the words of files line by line, the newlines kept, in threads. Counts go to disk before they take more than
 * `memory` bytes in all threads together (default 2 GiB), and so do the words that are given back: the most frequent
 * ones. The temporary folder is removed whatever happens.
 *
 * @param pipelines - Each gives counts of its own.
 * @param program - The thread's program, for tests.
 * @throws {InputError} Code `unreadable`: a file cannot be opened. An option out of its range.
 * @throws The reason of the signal, where it was aborted.
 */
export async function countFiles(
  paths: readonly string[],
  pipelines: readonly WordPipeline[],
  options: CountFilesOptions = {},
  program: URL = workerProgram,
): Promise<WordCounts[]> {
  const { threads = 1, memory = defaultMemory, temporaryFolder = tmpdir(), onProgress, signal } = options;
  if (!(Number.isInteger(threads) && threads >= 1)) {
    throw new InputError('threads', 'an integer from 1', String(threads));
  }
  if (!(memory >= 1)) throw new InputError('memory', 'a number of bytes from 1', String(memory));
  // What is wrong with the pipeline is said here, with its type.
  for (const pipeline of pipelines) createWordSplitter(pipeline);
  const ranges = fileRanges(paths, rangeSize);
  signal?.throwIfAborted();
  const folder = makeTemporaryFolder(temporaryFolder);
  try {
    const next = new SharedArrayBuffer(4);
    const count = Math.max(1, Math.min(threads, ranges.length));
    const share = Math.max(1, memory / count / pipelines.length);
    let done = 0;
    const folders = Array.from({ length: count }, (_, index) => join(folder, String(index)));
    const told = await runAll(
      folders.map((own): CountTask => ({ pipelines, ranges, next, memory: share, folder: own })),
      program,
      (texts) => {
        done += texts;
        onProgress?.({ stage: 'count-words', done });
      },
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
  signal: AbortSignal | undefined,
): Promise<(readonly (readonly number[])[])[]> {
  const workers = tasks.map((workerData) => new Worker(program, { workerData }));
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal!.reason);
    signal?.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([aborted, Promise.all(workers.map((worker) => finished(worker, onTexts)))]);
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
