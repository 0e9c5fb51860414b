import type { ParityRunner } from '@tesserae/core/test';
import { readQtokVocabulary } from '../../src/qtok/read-vocabulary';
import { classifyToken, type TokenKind, tokenKinds } from '../../src/qtok/token-classes';
import { vocabularyReport } from '../../src/qtok/vocabulary-report';
import { needsPackage, vocabularyFile } from './vocabulary-package';

type Row = readonly (string | number)[];

interface Expected {
  readonly stats: readonly Row[];
  readonly statsPercent: readonly Row[];
  readonly scripts: readonly Row[];
  readonly classes: readonly string[];
  readonly classOfId: Readonly<Record<string, readonly number[]>>;
}

/** What the official code calls classes without a script, where it is not the name of the kind. */
const labels: Partial<Record<TokenKind, string>> = {
  'control-tokens': 'control_token',
  'spaced-other': 'other',
  'inner-other': 'other',
  'inner-errors': 'errors',
};

export const runQtok: ParityRunner = async (test, report) => {
  const expected = (await test.json('expected.json')) as unknown as Expected;
  const packages = Object.entries(test.facts['tokenizers'] as Record<string, string>).map(([name, place]) => {
    const [, packageName, version, file] = place.split(' ') as [string, string, string, string];
    return { name, packageName, file: vocabularyFile(packageName, version, file) };
  });
  const absent = packages.find(({ file }) => !file);
  if (absent) return report.skip(needsPackage(absent.packageName));
  const vocabularies = Object.fromEntries(packages.map(({ name, file }) => [name, readQtokVocabulary(file!, name)]));
  for (const [name, classes] of Object.entries(expected.classOfId)) {
    const texts = new Map([...vocabularies[name]!].map(([text, id]) => [id, text]));
    const actual = classes.map((_, id) =>
      texts.has(id) ? expected.classes.indexOf(officialClass(texts.get(id)!)) : -1,
    );
    report.equal(`classes of ${name}`, actual, classes);
  }
  const actual = vocabularyReport(vocabularies, { together: 'Qtok' });
  const table = (values: Readonly<Record<TokenKind, readonly number[]>>): Row[] => [
    ['Tokenizer', ...tokenKinds.map(officialKind)],
    ...actual.vocabularies.map((name, column) => [name, ...tokenKinds.map((kind) => values[kind][column]!)]),
  ];
  report.equal('counts', table(actual.counts), expected.stats);
  report.equal('percent', table(actual.percent), expected.statsPercent);
  const columns = expected.scripts[0]!.slice(1).map((name, column) => ({
    name,
    shares: expected.scripts.slice(1).map((row) => row[column + 1]),
  }));
  report.equal('scripts', byName(actual.scripts), byName(columns));
};

const officialKind = (kind: TokenKind): string => kind.replace('-', '_');

function officialClass(text: string): string {
  const { kind, script } = classifyToken(text);
  return `${officialKind(kind)}|${script ?? labels[kind] ?? officialKind(kind)}`;
}

const byName = <Named extends { readonly name: string | number }>(rows: readonly Named[]): Named[] =>
  rows.toSorted((a, b) => (a.name < b.name ? -1 : 1));
