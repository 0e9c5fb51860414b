import type { WordPipeline } from '../word-splitter';

/** A stretch of a file: the lines that begin in it. */
export interface FileRange {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/** Where a counting thread finds texts. */
export type CountSource =
  | {
      readonly kind: 'files';
      readonly ranges: readonly FileRange[];
      /** Number of the next range that no thread has taken, as an `Int32Array` of one element. */
      readonly next: SharedArrayBuffer;
    }
  /** They come as messages. */
  | { readonly kind: 'messages' };

/** What a counting thread gets. */
export interface CountTask {
  readonly pipelines: readonly WordPipeline[];
  readonly source: CountSource;
  /** Bytes of counts that make a counter spill. */
  readonly memory: number;
  /** Where it puts its runs; a folder of its own. */
  readonly folder: string;
}

/** What a counting thread is told: texts, or that there are no more. */
export type CountOrder = { readonly kind: 'count'; readonly texts: readonly string[] } | { readonly kind: 'end' };

/** What a counting thread says: texts are counted, or everything is and the runs are written. */
export type CountMessage =
  | { readonly kind: 'counted'; readonly texts: number }
  | { readonly kind: 'done'; readonly runs: readonly (readonly number[])[] };
