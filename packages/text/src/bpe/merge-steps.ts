import { type Steps, stepSize } from '../tokenizer/steps';
import { gatherTokens, mergeOffered, type MergeSpace, mergeTracked, offerPairs } from './merge';
import { blockLimit, mergeBlock, startBlocks, takeBlocks } from './merge-blocks';
import type { PairTable } from './pair-table';

/** Blocks of symbols between two pauses. */
const blocksAtOnce = 8;

/**
 * `mergeTracked` in steps, for as many symbols as memory holds.
 *
 * @param space - Nobody else may use it until the last step.
 */
export function* mergeSteps(space: MergeSpace, length: number, table: PairTable): Steps<number> {
  if (length < blockLimit) return mergeTracked(space, length, table);
  const run = startBlocks(space, length, table, mergeTracked);
  yield;
  for (let blocks = 1; run.end < length; blocks += 1) {
    if (!mergeBlock(run)) return yield* mergeTogether(space, length, table);
    if (blocks % blocksAtOnce === 0) yield;
  }
  return takeBlocks(run);
}

/** All symbols by one heap, where blocks do not work out. */
export function* mergeTogether(space: MergeSpace, length: number, table: PairTable): Steps<number> {
  space.heap.count = 0;
  for (let start = 0; start < length; start += stepSize) {
    offerPairs(space, start, Math.min(length, start + stepSize), length, table);
    yield;
  }
  while (mergeOffered(space, length, table, stepSize)) yield;
  return gatherTokens(space, length);
}
