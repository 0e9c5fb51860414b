import type { ParityRunner } from '@tesserae/core/test';
import { type RomanEdgeOptions, romanize, romanizeEdges } from '../../src/romanize';

type OfficialEdge = readonly [start: number, end: number, text: string, kind: string];

interface UromanCases {
  readonly strings: readonly (readonly [text: string, language: string | null, expected: string])[];
  readonly edges: readonly ({ readonly text: string; readonly lcode: string | null } & Readonly<
    Partial<Record<'edges' | 'alternatives' | 'lattice', readonly OfficialEdge[]>>
  >)[];
}

export const runUroman: ParityRunner = async (test, report) => {
  const { strings, edges } = (await test.json('cases.json')) as unknown as UromanCases;
  const forLanguage = (language: string | null) => (language === null ? {} : { language });
  for (const [text, language, expected] of strings) {
    report.equal(JSON.stringify(text), romanize(text, forLanguage(language)), expected);
  }
  const found = (text: string, options: RomanEdgeOptions) =>
    romanizeEdges(text, { ...options, offsets: 'codepoint' }).map(({ start, end, text: latin, kind }) => [
      start,
      end,
      latin,
      kind,
    ]);
  for (const { text, lcode, ...formats } of edges) {
    for (const format of ['edges', 'alternatives', 'lattice'] as const) {
      const expected = formats[format];
      if (!expected) continue;
      const actual = found(text, { ...forLanguage(lcode), format });
      const [own, official] = format === 'lattice' ? [inOrder(actual), inOrder(expected)] : [actual, expected];
      report.equal(`${format} of ${JSON.stringify(text)}`, own, official);
    }
  }
};

/** Edges over the same span come in any order. */
const inOrder = (edges: readonly (readonly unknown[])[]): string[] =>
  edges.map((edge) => JSON.stringify(edge)).toSorted();
