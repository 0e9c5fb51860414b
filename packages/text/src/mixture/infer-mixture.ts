import { InputError } from '@tesserae/core/data';
import { findRivals } from './find-rivals';
import { createMixtureProgram, type MixtureProgram, type MixtureSolution } from './mixture-program';
import { type Merge, type PairHistory, pairKey } from './pair-history';
import { numberPairs } from './pair-table';

export interface InferMixtureOptions {
  /** Merges of the tokenizer in question, in order. */
  readonly merges: readonly Merge[];
  /** Counts of a sample of every category. */
  readonly categories: Readonly<Record<string, PairHistory>>;
  /** What the counts of a category are divided by. Default: its pairs; its bytes give shares of bytes at once. */
  readonly divisors?: Readonly<Record<string, number>>;
  /** Merges that count, from the first. Default 3000, at most all. */
  readonly maxMerges?: number;
  /** Rivals looked for at one merge. Default 10. */
  readonly rivalsPerMerge?: number;
  /** New constraints after which the program is solved anew. Default 100. */
  readonly constraintsPerRound?: number;
  /** A rival has to be ahead by more than this share of pairs. Default 1e-6. */
  readonly tolerance?: number;
  /** The official code takes the first pair of the first category for a missing one; true does so too. Default false. */
  readonly skipFirstPair?: boolean;
  /** Solves the linear programs. Default: our own simplex method. */
  readonly createProgram?: (categories: number) => MixtureProgram;
  readonly signal?: AbortSignal;
}

/** What a tokenizer was trained on, as far as its merges tell. */
export interface InferredMixture {
  /** Share of every category, 0..1, together 1: of pairs, unless `divisors` says otherwise. */
  readonly shares: Readonly<Record<string, number>>;
  /** How far merges and rivals are from what the shares explain. */
  readonly violations: number;
  /** Merges whose pair no category has; they say nothing. */
  readonly missingMerges: readonly Merge[];
  /** Times that the program was solved. */
  readonly rounds: number;
}

/**
 * Shares of categories in the training data of a BPE tokenizer, from the order of its merges: every merge was the most
 * frequent pair at its time. A linear program finds the shares that break this rule least; constraints are only made where
 * a solution breaks it (Data Mixture Inference, arXiv 2407.16607; `lazy_optimize` of the official code).
 *
 * @throws {InputError} No categories, one without pairs, or options out of range.
 */
export function inferMixture(options: InferMixtureOptions): InferredMixture {
  const { merges, categories, maxMerges = 3000, tolerance = 1e-6, skipFirstPair = false, signal } = options;
  const { rivalsPerMerge = 10, constraintsPerRound = 100, createProgram = createMixtureProgram } = options;
  for (const [name, value] of Object.entries({ maxMerges, rivalsPerMerge, constraintsPerRound })) {
    if (!(value >= 1)) throw new InputError(name, 'a number of at least 1', String(value));
  }
  const names = Object.keys(categories);
  const histories = names.map((name) => categories[name]!);
  const divisors = names.map((name, index) => options.divisors?.[name] ?? histories[index]!.pairs);
  const limit = Math.min(maxMerges, merges.length);
  const pairs = numberPairs(histories, merges, divisors, limit);
  const program = createProgram(names.length);
  const known = new Set<number>();
  let rounds = 0;
  let solution: MixtureSolution = {
    shares: new Float64Array(names.length).fill(1 / names.length),
    mergeViolations: new Map(),
    rivalViolations: new Map(),
    objective: 0,
  };
  for (;;) {
    signal?.throwIfAborted();
    const found = findRivals(pairs, solution, {
      perMerge: rivalsPerMerge,
      enough: constraintsPerRound,
      tolerance,
      known,
      skipFirstPair,
    });
    if (found.length === 0) break;
    program.add(found);
    solution = program.solve();
    rounds += 1;
  }
  const isMissing = (id: number) => id < 0 || (skipFirstPair && id === 0);
  return {
    shares: Object.fromEntries(names.map((name, index) => [name, solution.shares[index]!])),
    violations: solution.objective,
    missingMerges: distinct(merges.slice(0, limit).filter((_, step) => isMissing(pairs.merges[step]!))),
    rounds,
  };
}

const distinct = (merges: readonly Merge[]): Merge[] => [
  ...new Map(merges.map((merge) => [pairKey(...merge), merge])).values(),
];

/**
 * Shares of bytes from shares of pairs.
 *
 * @param sizes - Of the sample of every category.
 * @throws {InputError} A category without sizes.
 */
export function byteShares(
  shares: Readonly<Record<string, number>>,
  sizes: Readonly<Record<string, { readonly bytes: number; readonly pairs: number }>>,
): Record<string, number> {
  const weighted = Object.entries(shares).map(([name, share]) => {
    const size = Object.hasOwn(sizes, name) ? sizes[name] : undefined;
    if (!size || !(size.pairs > 0)) throw new InputError('sizes', `bytes and pairs of "${name}"`, JSON.stringify(size));
    return [name, (share * size.bytes) / size.pairs] as const;
  });
  const total = weighted.reduce((sum, [, share]) => sum + share, 0);
  return Object.fromEntries(weighted.map(([name, share]) => [name, share / total]));
}
