import type { MixtureConstraint, MixtureSolution } from './mixture-program';
import type { MixturePairs } from './pair-table';
import { createScoreHeap, type ScoreHeap } from './score-heap';

export interface FindRivalsOptions {
  /** Rivals looked for at one merge. */
  readonly perMerge: number;
  /** New constraints after which the search ends. */
  readonly enough: number;
  /** A rival has to be ahead by more than this share. */
  readonly tolerance: number;
  /** `merge · pairs + rival` of constraints that are known; found ones are added. */
  readonly known: Set<number>;
  /** Treats the very first pair as one that nobody has. */
  readonly skipFirstPair: boolean;
}

/** Walks through the merges and finds pairs that are more frequent than the merged one under a solution. */
export function findRivals(
  pairs: MixturePairs,
  solution: MixtureSolution,
  options: FindRivalsOptions,
): MixtureConstraint[] {
  const walk = createWalk(pairs, solution);
  const found: MixtureConstraint[] = [];
  for (const [step, merged] of pairs.merges.entries()) {
    if (merged >= 0 && !(options.skipFirstPair && merged === 0)) {
      const own = walk.scores[merged]! + (solution.rivalViolations.get(merged) ?? 0);
      const cutoff = own + (solution.mergeViolations.get(step) ?? 0) + options.tolerance;
      for (const rival of rivalsAbove(walk, cutoff, step, pairs.pairCount, options)) {
        found.push({ merge: step, rival, advantage: walk.advantage(merged, rival) });
      }
    }
    if (found.length >= options.enough) break;
    if (step < pairs.changes.length) walk.advance(step);
  }
  return found;
}

function rivalsAbove(
  { heap, scores }: Walk,
  cutoff: number,
  step: number,
  pairCount: number,
  { perMerge, known }: FindRivalsOptions,
): number[] {
  const rivals: number[] = [];
  const taken = new Map<number, number>();
  while (rivals.length < perMerge) {
    const pair = heap.pop();
    if (pair < 0) break;
    // Entries from before a change, and second entries of the same pair.
    if (heap.score !== scores[pair] || taken.has(pair)) continue;
    taken.set(pair, heap.score);
    if (heap.score <= cutoff) break;
    const key = step * pairCount + pair;
    if (known.has(key)) continue;
    known.add(key);
    rivals.push(pair);
  }
  for (const [pair, score] of taken) heap.push(pair, score);
  return rivals;
}

interface Walk {
  /** Mixed share of every pair, less what it may be too frequent by. */
  readonly scores: Float64Array;
  readonly heap: ScoreHeap;
  /** Applies the changes of a merge. */
  advance(step: number): void;
  /** Shares of one pair less those of another, by category. */
  advantage(pair: number, rival: number): Float64Array;
}

function createWalk({ initial, changes, divisors, pairCount }: MixturePairs, solution: MixtureSolution): Walk {
  const weights = divisors.map((divisor, category) => solution.shares[category]! / divisor);
  const counts = initial.map((column) => column.slice());
  const scores = new Float64Array(pairCount);
  const heap = createScoreHeap();
  const rescore = (pair: number) => {
    let score = -(solution.rivalViolations.get(pair) ?? 0);
    for (const [category, column] of counts.entries()) score += weights[category]! * column[pair]!;
    scores[pair] = score;
    heap.push(pair, score);
  };
  for (let pair = 0; pair < pairCount; pair += 1) rescore(pair);
  return {
    scores,
    heap,
    advance: (step) => {
      const touched = new Set<number>();
      for (const [category, entries] of changes[step]!.entries()) {
        for (let at = 0; at < entries.length; at += 2) {
          counts[category]![entries[at]!] = entries[at + 1]!;
          touched.add(entries[at]!);
        }
      }
      for (const pair of touched) rescore(pair);
    },
    advantage: (pair, rival) =>
      divisors.map((divisor, category) => (counts[category]![pair]! - counts[category]![rival]!) / divisor),
  };
}
