import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { alignText } from '../pipeline/aligned-text';
import { jsonPlace } from '../pipeline/json-reader';
import { readPreTokenizer } from '../pipeline/pre-tokenizers';
import { byteShares, inferMixture } from './infer-mixture';
import { createMixtureProgram } from './mixture-program';
import { type CountedWord, countMergedPairs, type Merge, pairKey, pairSeparator } from './pair-history';
import { publishedPipelines } from './published-pipelines';
import { createScoreHeap } from './score-heap';
import { createSimplex } from './simplex';

describe('countMergedPairs', () => {
  it('keeps what every merge changes', () => {
    const words = [
      { symbols: ['a', 'b', 'c'], count: 2 },
      { symbols: ['a', 'a', 'a'], count: 1 },
    ];
    const history = countMergedPairs(
      words,
      [
        ['a', 'b'],
        ['a', 'a'],
      ],
      2,
    );
    expect(history.pairs).toBe(6);
    expect(Object.fromEntries(history.initial)).toEqual({ 'a␟b': 2, 'b␟c': 2, 'a␟a': 2 });
    expect(history.changes.map((change) => Object.fromEntries(change))).toEqual([
      { 'a␟b': 0, 'b␟c': 0, 'ab␟c': 2 },
      { 'a␟a': 0, 'aa␟a': 1 },
    ]);
    expect(() => countMergedPairs([{ symbols: [pairSeparator], count: 1 }], [])).toThrow('symbols without');
  });
});

describe('createScoreHeap', () => {
  it('gives items in the order of their scores', () => {
    const heap = createScoreHeap();
    const scores = mulberry32(1).uniform(50);
    scores.forEach((score, item) => heap.push(item, score));
    const order = Array.from({ length: 50 }, () => heap.pop());
    expect(order).toEqual([...scores.keys()].toSorted((a, b) => scores[b]! - scores[a]!));
    expect(heap.pop()).toBe(-1);
  });
});

describe('createSimplex', () => {
  it('solves a known program, also after a column came in', () => {
    const simplex = createSimplex();
    const rows = [4, 12, 18].map((limit) => simplex.addRow(limit)) as [number, number, number];
    simplex.addColumn(
      [
        [rows[0], 1],
        [rows[2], 3],
      ],
      3,
    );
    simplex.maximize();
    expect(simplex.objective()).toBeCloseTo(12, 9);
    simplex.addColumn(
      [
        [rows[1], 2],
        [rows[2], 2],
      ],
      5,
    );
    simplex.maximize();
    expect(simplex.objective()).toBeCloseTo(36, 9);
    expect([...simplex.values()]).toEqual([expect.closeTo(2, 9), expect.closeTo(6, 9)]);
    expect([...simplex.prices()]).toEqual([0, 1.5, 1].map((price) => expect.closeTo(price, 9)));
  });

  it('has prices that prove its objective, through many pivots', () => {
    const random = mulberry32(9);
    for (let trial = 0; trial < 12; trial += 1) {
      const simplex = createSimplex();
      const limits = random.uniform(30).map((limit) => (limit < 0.2 ? 0 : limit));
      limits.forEach((limit) => simplex.addRow(limit));
      const columns = Array.from({ length: 60 }, () => random.uniform(30));
      const gains = random.uniform(60);
      columns.forEach((column, index) =>
        simplex.addColumn(
          Array.from(column, (value, row) => [row, value]),
          gains[index]!,
        ),
      );
      simplex.maximize();
      const prices = simplex.prices();
      expect(prices.every((price) => price >= -1e-8)).toBe(true);
      for (const [index, column] of columns.entries()) {
        const cost = column.reduce((sum, value, row) => sum + value * prices[row]!, 0);
        expect(cost).toBeGreaterThanOrEqual(gains[index]! - 1e-7);
      }
      const bound = prices.reduce((sum, price, row) => sum + price * limits[row]!, 0);
      expect(simplex.objective()).toBeCloseTo(bound, 8);
    }
  });

  it('says when there is no bound, and refuses negative limits', () => {
    const simplex = createSimplex();
    simplex.addColumn([[simplex.addRow(1), -1]], 1);
    expect(() => simplex.maximize()).toThrow('a bounded gain');
    expect(() => simplex.addRow(-1)).toThrow('limit');
  });
});

describe('createMixtureProgram', () => {
  it('finds shares without violations where there are any', () => {
    const program = createMixtureProgram(2);
    program.add([
      { merge: 0, rival: 7, advantage: [-0.01, 0.03] },
      { merge: 1, rival: 8, advantage: [0.02, -0.02] },
    ]);
    const { shares, objective } = program.solve();
    expect(objective).toBeCloseTo(0, 9);
    expect(shares[0]! * -0.01 + shares[1]! * 0.03).toBeGreaterThanOrEqual(-1e-9);
    expect(shares[0]! * 0.02 - shares[1]! * 0.02).toBeGreaterThanOrEqual(-1e-9);
  });

  it('pays once for a rival that is too frequent everywhere', () => {
    const program = createMixtureProgram(2);
    program.add([0, 1, 2].map((merge) => ({ merge, rival: 5, advantage: [-0.01, -0.02] })));
    const { shares, objective, rivalViolations } = program.solve();
    expect(shares[0]).toBeCloseTo(1, 9);
    expect(objective).toBeCloseTo(0.01, 9);
    expect(rivalViolations.get(5)).toBeCloseTo(0.01, 9);
  });
});

/** Words of one letter pattern each, so that categories differ. */
function sample(seed: number, letters: string): CountedWord[] {
  const random = mulberry32(seed);
  return Array.from({ length: 60 }, () => {
    const length = random.integers(3, 9, 1)[0]!;
    const symbols = Array.from(random.uniform(length), (draw) => letters[Math.floor(draw * draw * letters.length)]!);
    return { symbols, count: 1 + random.integers(0, 50, 1)[0]! };
  });
}

/** Trains on a mixture of categories, each by its own pairs. */
function mixedMerges(samples: readonly CountedWord[][], shares: readonly number[], count: number): Merge[] {
  const merges: Merge[] = [];
  for (let step = 0; step < count; step += 1) {
    const totals = new Map<string, number>();
    for (const [index, words] of samples.entries()) {
      const { pairs, initial, changes } = countMergedPairs(words, merges, merges.length);
      const counts = new Map(initial);
      for (const change of changes) for (const [key, value] of change) counts.set(key, value);
      for (const [key, value] of counts) totals.set(key, (totals.get(key) ?? 0) + (shares[index]! * value) / pairs);
    }
    const [best] = [...totals].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? 1 : -1))[0]!;
    merges.push(best.split(pairSeparator) as [string, string]);
  }
  return merges;
}

describe('inferMixture', () => {
  const samples = [sample(1, 'abcdefg'), sample(2, 'gfedcba'), sample(3, 'bdfaceg')];
  const names = ['one', 'two', 'three'];
  const categoriesOf = (merges: readonly Merge[]) =>
    Object.fromEntries(samples.map((words, index) => [names[index]!, countMergedPairs(words, merges)]));

  it('recovers a known mixture', () => {
    for (const shares of [
      [0.6, 0.3, 0.1],
      [0.2, 0.2, 0.6],
    ]) {
      const merges = mixedMerges(samples, shares, 60);
      const found = inferMixture({ merges, categories: categoriesOf(merges) });
      expect(found.violations).toBeLessThan(1e-5);
      expect(found.missingMerges).toEqual([]);
      names.forEach((name, index) => expect(Math.abs(found.shares[name]! - shares[index]!)).toBeLessThan(0.03));
    }
  });

  it('finds as little violation with few constraints a round as with all at once', () => {
    const merges = mixedMerges(samples, [0.5, 0.5, 0], 40).toReversed();
    const categories = categoriesOf(merges);
    const lazy = inferMixture({ merges, categories, rivalsPerMerge: 2, constraintsPerRound: 5 });
    const full = inferMixture({ merges, categories, rivalsPerMerge: 1e9, constraintsPerRound: 1e9 });
    expect(lazy.rounds).toBeGreaterThan(full.rounds);
    expect(lazy.violations).toBeCloseTo(full.violations, 5);
    expect(full.violations).toBeGreaterThan(0);
  });

  it('names merges that no text has', () => {
    const merges: Merge[] = [['x', 'y'], ...mixedMerges(samples, [1, 0, 0], 5)];
    const found = inferMixture({ merges, categories: categoriesOf(merges) });
    expect(found.missingMerges).toEqual([['x', 'y']]);
    const first = [...categoriesOf(merges)['one']!.initial.keys()][0]!;
    const skipped = inferMixture({
      merges: [first.split(pairSeparator) as [string, string]],
      categories: categoriesOf(merges),
      skipFirstPair: true,
    });
    expect(skipped.missingMerges.map((merge) => pairKey(...merge))).toEqual([first]);
  });

  it('gives one category everything, and refuses none', () => {
    const one = { only: countMergedPairs(samples[0]!, []) };
    expect(inferMixture({ merges: [], categories: one }).shares).toEqual({ only: 1 });
    expect(() => inferMixture({ merges: [], categories: {} })).toThrow('at least one');
    expect(() => inferMixture({ merges: [], categories: { empty: countMergedPairs([], []) } })).toThrow(
      'text with pairs',
    );
    expect(() => inferMixture({ merges: [], categories: one, maxMerges: 0 })).toThrow('maxMerges');
    expect(() => inferMixture({ merges: [], categories: one, signal: AbortSignal.abort() })).toThrow('abort');
  });
});

describe('byteShares', () => {
  it('weighs pairs by their bytes', () => {
    const sizes = { a: { bytes: 10, pairs: 10 }, b: { bytes: 30, pairs: 10 } };
    expect(byteShares({ a: 0.5, b: 0.5 }, sizes)).toEqual({ a: 0.25, b: 0.75 });
    expect(() => byteShares({ toString: 1 }, sizes)).toThrow('of "toString"');
  });
});

describe('publishedPipelines', () => {
  it('can be read', () => {
    const words = Object.entries(publishedPipelines).map(([name, { preTokenizer }]) => {
      const cut = readPreTokenizer(jsonPlace(preTokenizer, 'preTokenizer'));
      return [name, cut(alignText("It's 12\nx", 0, false)).map(({ text }) => text)];
    });
    expect(Object.fromEntries(words)).toMatchObject({
      gpt2: ['It', "'s", '\u012012', '\u010a', 'x'],
      gpt4o: ["It's", '\u0120', '12', '\u010a', 'x'],
      llama: ['\u2581It', "'", 's', '\u2581', '1', '2', 'x'],
    });
  });
});
