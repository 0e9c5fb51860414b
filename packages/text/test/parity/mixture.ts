import type { ParityRunner } from '@tesserae/core/test';
import { inferMixture } from '../../src/mixture/infer-mixture';
import { countMergedPairs, type PairHistory, pairSeparator } from '../../src/mixture/pair-history';
import { near } from './near';

type Counts = Readonly<Record<string, number>>;

interface InputFile {
  readonly merges: readonly (readonly [string, string])[];
  readonly categories: Readonly<
    Record<
      string,
      { readonly pairs: number; readonly bytes: number; readonly initial: Counts; readonly changes: readonly Counts[] }
    >
  >;
}

interface ExpectedFile {
  readonly proportions: Counts;
  readonly sumOfViolations: number;
  readonly missingMerges: readonly string[];
}

export const runMixture: ParityRunner = async (test, report) => {
  const { merges, categories } = (await test.json('input.json')) as unknown as InputFile;
  const texts = (await test.json('texts.json')) as unknown as Readonly<Record<string, string>>;
  const expected = (await test.json('expected.json')) as unknown as ExpectedFile;
  const histories: Record<string, PairHistory> = {};
  for (const [name, { pairs, initial, changes }] of Object.entries(categories)) {
    const history = countMergedPairs(wordsOf(texts[name]!), merges);
    report.equal(`${name} pairs`, history.pairs, pairs);
    report.equal(`${name} counts`, sorted(history.initial), sorted(Object.entries(initial)));
    for (const [step, change] of changes.entries()) {
      report.equal(`${name} changes ${step}`, sorted(history.changes[step]!), sorted(Object.entries(change)));
    }
    // The order of the case decides which pair is the first one.
    histories[name] = { ...history, initial: new Map(Object.entries(initial)) };
  }
  const options = { merges, categories: histories, maxMerges: merges.length, skipFirstPair: true };
  const { shares, violations, missingMerges } = inferMixture(options);
  for (const [name, share] of Object.entries(expected.proportions))
    near(report, `share of ${name}`, shares[name]!, share, 1e-3);
  near(report, 'violations', violations, expected.sumOfViolations, 1e-5);
  report.equal(
    'missing merges',
    missingMerges.map((merge) => merge.join(pairSeparator)),
    expected.missingMerges,
  );
};

const sorted = (counts: Iterable<readonly [string, number]>) => [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));

/** Words between white space with a space in front, as code points. */
function wordsOf(text: string) {
  const counts = new Map<string, number>();
  for (const word of text.match(/\P{White_Space}+/gu) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1);
  return Array.from(counts, ([word, count]) => ({ symbols: [' ', ...word], count }));
}
