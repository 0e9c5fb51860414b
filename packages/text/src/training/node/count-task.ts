import type { WordPipeline } from '../word-splitter';

/** A stretch of a file: the lines that begin in it. */
export interface FileRange {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** What a counting thread gets. */
export interface CountTask {
  readonly pipelines: readonly WordPipeline[];
  readonly ranges: readonly FileRange[];
  /** Number of the next range that no thread has taken, as an `Int32Array` of one element. */
  readonly next: SharedArrayBuffer;
  /** Bytes of counts that make a counter spill. */
  readonly memory: number;
  /** Where it puts its runs; a folder of its own. */
  readonly folder: string;
}

/** What a counting thread says: a range is done, or everything is and the runs are written. */
export type CountMessage =
  | { readonly kind: 'range'; readonly texts: number; readonly bytes: number }
  | { readonly kind: 'done'; readonly runs: readonly (readonly number[])[] };
