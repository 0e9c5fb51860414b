import { InputError } from '@tesserae/core/data';
import { popHeap, pushHeap } from '../numeric/heap';
import { type Batch, createBatch, positionsOf, textId } from './batch';
import { createMergeTest, type MergeRules } from './mergeable';
import { createPairQueue, offerPair, type QueuedPair, takePair } from './pair-queue';

export interface DynamicBpeOptions extends MergeRules {
  /** Merges at most. Default 1000. */
  readonly maxMerges?: number;
}

/** A batch after merging. */
export interface DynamicTokens {
  /** Tokens of every sequence. */
  readonly tokens: readonly (readonly string[])[];
  /** For every token the index of its first base piece. */
  readonly firstPieces: readonly Int32Array[];
  /** Pairs in the order in which they were merged. */
  readonly merges: readonly (readonly [left: string, right: string])[];
  /** Tokens of the whole batch before the first merge and after every one: `merges.length + 1` values. */
  readonly totals: Int32Array;
}

/**
 * Merges the pieces of a batch by their frequency in this batch: dynamic tokenization (arXiv 2411.18553, section 3.1;
 * `Dynamic_BPE.tokenize_batch` of the official code). The most frequent pair that may merge goes first; of equals that
 * which the batch shows first. Counts are kept, not recounted.
 *
 * @param sequences - Base tokens of every text in the byte alphabet, special tokens included.
 * @throws {InputError} An empty token, or a negative number of merges.
 */
export function dynamicBpe(sequences: readonly (readonly string[])[], options: DynamicBpeOptions = {}): DynamicTokens {
  const { maxMerges = 1000 } = options;
  if (!(maxMerges >= 0)) throw new InputError('maxMerges', 'a number of at least 0', String(maxMerges));
  if (sequences.some((sequence) => sequence.includes(''))) {
    throw new InputError('sequences', 'tokens of at least one character', 'an empty token');
  }
  const batch = createBatch(sequences);
  const pairs = createPairs(batch, createMergeTest(options));
  const merges: [string, string][] = [];
  const totals = [batch.tokens.length];
  while (merges.length < maxMerges) {
    const best = pairs.take();
    if (!best) break;
    merges.push([batch.texts[best.left]!, batch.texts[best.right]!]);
    totals.push(totals.at(-1)! - mergePair(batch, best, pairs));
  }
  const positions = sequences.map((_, index) => positionsOf(batch, index));
  return {
    tokens: positions.map((list) => list.map((at) => batch.texts[batch.tokens[at]!]!)),
    firstPieces: positions.map((list, index) => Int32Array.from(list, (at) => at - batch.starts[index]!)),
    merges,
    totals: Int32Array.from(totals),
  };
}

interface Pairs {
  take(): QueuedPair | undefined;
  add(position: number): void;
  remove(position: number): void;
  /** Queues what changed since the last merge. */
  settle(): void;
}

/** Positions are those of the left token. Pairs that may not merge are not kept. */
function createPairs(batch: Batch, mayMerge: (left: string, right: string) => boolean): Pairs {
  const { tokens, next, texts } = batch;
  const known = new Map<number, Map<number, QueuedPair | undefined>>();
  const queue = createPairQueue();
  const changed = new Set<QueuedPair>();
  const pairAt = (position: number): QueuedPair | undefined => {
    const left = tokens[position]!;
    const right = tokens[next[position]!]!;
    let row = known.get(left);
    if (!row) known.set(left, (row = new Map<number, QueuedPair | undefined>()));
    if (!row.has(right)) {
      const isMergeable = mayMerge(texts[left]!, texts[right]!);
      row.set(right, isMergeable ? { left, right, count: 0, positions: [] } : undefined);
    }
    return row.get(right);
  };
  const firstOf = (pair: QueuedPair): number => {
    const { positions, left, right } = pair;
    for (;;) {
      const first = positions[0];
      if (first === undefined) return -1;
      const after = next[first]!;
      if (tokens[first] === left && after >= 0 && tokens[after] === right) return first;
      popHeap(positions, ascending);
    }
  };
  const pairs: Pairs = {
    take: () => takePair(queue, firstOf),
    add: (position) => {
      const pair = pairAt(position);
      if (!pair) return;
      pair.count += 1;
      pushHeap(pair.positions, position, ascending);
      changed.add(pair);
    },
    remove: (position) => {
      const pair = pairAt(position);
      if (!pair) return;
      pair.count -= 1;
      changed.add(pair);
    },
    settle: () => {
      for (const pair of changed) if (pair.count > 0) offerPair(queue, pair, firstOf(pair));
      changed.clear();
    },
  };
  for (let position = 0; position < tokens.length; position += 1) if (next[position]! >= 0) pairs.add(position);
  pairs.settle();
  return pairs;
}

const ascending = (a: number, b: number): number => a - b;

/** @returns How many pairs became one token. */
function mergePair(batch: Batch, pair: QueuedPair, pairs: Pairs): number {
  const { tokens, next, previous, texts } = batch;
  const { left, right } = pair;
  const joined = textId(batch, texts[left]! + texts[right]!);
  let count = 0;
  for (const position of new Set(pair.positions.toSorted(ascending))) {
    const second = next[position]!;
    if (tokens[position] !== left || second < 0 || tokens[second] !== right) continue;
    const before = previous[position]!;
    const after = next[second]!;
    if (before >= 0) pairs.remove(before);
    pairs.remove(position);
    if (after >= 0) pairs.remove(second);
    tokens[position] = joined;
    tokens[second] = -1;
    next[position] = after;
    if (after >= 0) previous[after] = position;
    if (before >= 0) pairs.add(before);
    if (after >= 0) pairs.add(position);
    count += 1;
  }
  pair.positions.length = 0;
  pairs.settle();
  return count;
}
