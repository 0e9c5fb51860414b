import { createSimplex } from './simplex';

/** A pair that would have been merged instead, had it been as frequent in the training data as in ours. */
export interface MixtureConstraint {
  readonly merge: number;
  readonly rival: number;
  /** Per category: share of the merged pair less that of its rival. */
  readonly advantage: ArrayLike<number>;
}

/** What a linear program of constraints says. */
export interface MixtureSolution {
  /** Per category, 0..1, together 1. */
  readonly shares: Float64Array;
  /** How much each merge is allowed to fall short; 0 for those that are not here. */
  readonly mergeViolations: ReadonlyMap<number, number>;
  /** The same of rivals. */
  readonly rivalViolations: ReadonlyMap<number, number>;
  /** Sum of all violations. */
  readonly objective: number;
}

/**
 * Minimizes `Σ v_merge + Σ v_rival`, all at least 0, over shares `α` that sum to 1, where every constraint asks for
 * `α · advantage + v_merge + v_rival ≥ 0`.
 */
export interface MixtureProgram {
  add(constraints: readonly MixtureConstraint[]): void;
  solve(): MixtureSolution;
}

/** Advantages are a hundredth or a thousandth, violations have the coefficient 1: in these units both are alike. */
const unit = 1e3;

/**
 * The program by our own simplex method. It works on the dual, where new constraints are new columns, so that every solve
 * goes on from the last one.
 */
export function createMixtureProgram(categories: number): MixtureProgram {
  const simplex = createSimplex();
  for (let category = 0; category < categories; category += 1) simplex.addRow(0);
  simplex.addColumn(
    Array.from({ length: categories }, (_, row) => [row, 1] as const),
    1,
  );
  const mergeRows = new Map<number, number>();
  const rivalRows = new Map<number, number>();
  const rowOf = (rows: Map<number, number>, key: number): number => {
    let row = rows.get(key);
    if (row === undefined) rows.set(key, (row = simplex.addRow(1)));
    return row;
  };
  return {
    add: (constraints) => {
      for (const { merge, rival, advantage } of constraints) {
        const entries = Array.from(advantage, (value, category) => [category, value * unit] as const);
        simplex.addColumn([...entries, [rowOf(mergeRows, merge), 1], [rowOf(rivalRows, rival), 1]], 0);
      }
    },
    solve: () => {
      simplex.maximize();
      const prices = simplex.prices();
      const shares = prices.slice(0, categories).map((price) => Math.max(0, price));
      const total = shares.reduce((sum, share) => sum + share, 0);
      const violations = (rows: ReadonlyMap<number, number>) =>
        new Map(Array.from(rows, ([key, row]) => [key, Math.max(0, prices[row]!) / unit]));
      return {
        shares: shares.map((share) => share / total),
        mergeViolations: violations(mergeRows),
        rivalViolations: violations(rivalRows),
        objective: Math.max(0, simplex.objective()) / unit,
      };
    },
  };
}
