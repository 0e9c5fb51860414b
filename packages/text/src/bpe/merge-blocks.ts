import type { MergeSpace } from './merge';
import type { PairTable } from './pair-table';

/** Merges the first symbols of a space; `previous` then tells at which symbol each token begins. */
export type TrackedMerge = (space: MergeSpace, length: number, table: PairTable) => number;

/** Symbols merged at once: they stay in the processor's first caches. */
const blockSymbols = 1024;
/** Tokens before a block that are merged again with it. */
const fewestAgain = 4;
/** Where so many symbols together do not do, the whole is merged at once. */
export const blockLimit = 2 * blockSymbols;

/**
 * Merges many symbols block by block, in time in proportion to their number.
 *
 * Tokens are the right ones exactly if every two neighbours are what their own symbols merge to: until a merge crosses
 * the border between two, merging goes on inside both as if nothing stood around them. So a block is merged together
 * with the last tokens before it, and stays if the border behind which it begins holds.
 *
 * @param merge - Merges the symbols of a block.
 * @returns Tokens, or -1 where some border never holds; `space.ids` has the symbols then.
 */
export function mergeInBlocks(space: MergeSpace, length: number, table: PairTable, merge: TrackedMerge): number {
  const run = startBlocks(space, length, table, merge);
  while (run.end < length) if (!mergeBlock(run)) return -1;
  return takeBlocks(run);
}

/** Merging of many symbols, some blocks of which are done. */
export interface BlockRun {
  readonly space: MergeSpace;
  readonly table: PairTable;
  readonly merge: TrackedMerge;
  readonly symbols: Int32Array;
  readonly ids: Int32Array;
  /** Symbols before each token. */
  readonly starts: Int32Array;
  /** Tokens so far. */
  count: number;
  /** Symbols so far. */
  end: number;
}

/** Begins {@link mergeInBlocks}. */
export function startBlocks(space: MergeSpace, length: number, table: PairTable, merge: TrackedMerge): BlockRun {
  return {
    space,
    table,
    merge,
    symbols: space.ids.slice(0, length),
    ids: new Int32Array(length),
    starts: new Int32Array(length + 1),
    count: 0,
    end: 0,
  };
}

/** Merges the next block. False: some border never holds; `space.ids` has the symbols again then. */
export function mergeBlock(run: BlockRun): boolean {
  const end = Math.min(run.symbols.length, run.end + blockSymbols);
  const kept = appendBlock(run, run.count, end);
  if (kept < 0) {
    run.space.ids.set(run.symbols);
    return false;
  }
  run.count = kept;
  run.end = end;
  return true;
}

/** Tokens of all blocks, which become the first of `space.ids`. */
export function takeBlocks({ space, ids, starts, count }: BlockRun): number {
  space.ids.set(ids.subarray(0, count));
  space.previous.set(starts.subarray(0, count));
  return count;
}

/** Merges the symbols up to `end`; `starts[count]` is where the last block ended. Gives the new number of tokens, or -1. */
function appendBlock(run: BlockRun, count: number, end: number): number {
  const { space, ids, starts } = run;
  for (let again = fewestAgain; ; again *= 2) {
    const kept = Math.max(0, count - again);
    const from = starts[kept]!;
    if (end - starts[Math.max(0, kept - 1)]! >= blockLimit) return -1;
    const added = mergeRange(run, from, end);
    const first = space.ids.slice(0, added);
    const places = space.previous.slice(0, added);
    const secondStart = added > 1 ? from + places[1]! : end;
    if (kept > 0 && !isBorder(run, kept - 1, secondStart)) continue;
    ids.set(first, kept);
    for (let index = 0; index < added; index += 1) starts[kept + index] = from + places[index]!;
    starts[kept + added] = end;
    return kept + added;
  }
}

/** True where a token and what follows up to `end` merge to two tokens that meet where they do now. */
function isBorder(run: BlockRun, before: number, end: number): boolean {
  const { space, starts } = run;
  const start = starts[before]!;
  return mergeRange(run, start, end) === 2 && start + space.previous[1]! === starts[before + 1]!;
}

function mergeRange({ space, table, merge, symbols }: BlockRun, start: number, end: number): number {
  space.ids.set(symbols.subarray(start, end));
  return merge(space, end - start, table);
}
