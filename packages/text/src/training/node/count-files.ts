import type { WordCounts } from '../word-counts';
import type { WordPipeline } from '../word-splitter';
import { countInThreads, type CountThreadsOptions, workerProgram } from './count-threads';
import { fileRanges } from './file-ranges';

/** How {@link countFiles} counts. */
export type CountFilesOptions = CountThreadsOptions;

/** Bytes that a thread takes at a time. */
const rangeSize = 8 * 2 ** 20;

/**
 * Counts the words of files line by line, the newlines kept, in threads that read the files themselves. Memory and disk
 * are used as `countTextsInThreads` does.
 *
 * @param pipelines - Each gives counts of its own.
 * @param program - The thread's program, for tests.
 * @throws {InputError} Code `unreadable`: a file cannot be opened. An option out of its range.
 * @throws The reason of the signal, where it was aborted.
 */
export const countFiles = (
  paths: readonly string[],
  pipelines: readonly WordPipeline[],
  options: CountFilesOptions = {},
  program: URL = workerProgram,
): Promise<WordCounts[]> =>
  countInThreads(pipelines, options, program, () => {
    const ranges = fileRanges(paths, rangeSize);
    return { most: ranges.length, source: { kind: 'files', ranges, next: new SharedArrayBuffer(4) } };
  });
