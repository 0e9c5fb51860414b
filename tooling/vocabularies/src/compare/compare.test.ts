import { describe, expect, it } from 'vitest';
import { compareVocabulary, describeReport, missingPackages } from './compare';
import { causeOf, documentedDifferences } from './documented';
import { createComparison } from './report';
import { awkwardStrings, edgeStrings, everyCodePoint, idLists, specialStrings } from './strings';
import { blockEdges } from './unicode-blocks';
import { comparedVocabularies } from './vocabularies';

/** Enough to meet every kind of vocabulary in a few seconds; `npm run vocabularies -- --compare` does them all. */
const small = ['gpt2', 'cl100k_base', 'bert-uncased', 'bert-cased', 'unigram-nfkc', 'roberta-style', 'claude'];

describe('compareVocabulary', () => {
  for (const vocabulary of comparedVocabularies.filter(({ name }) => small.includes(name))) {
    const missing = missingPackages(vocabulary);
    const needs = missing.length > 0 ? ` (needs ${missing.join(' and ')}: npm run vocabularies)` : '';
    it.skipIf(missing.length > 0)(
      `finds ${vocabulary.name} equal to its reference${needs}`,
      async () => {
        const report = await compareVocabulary(vocabulary, { strings: 400, seed: 7, whole: false });
        expect(report.examples).toEqual([]);
        expect(report.checks).toBeGreaterThan(6000);
      },
      60_000,
    );
  }
});

describe('createComparison', () => {
  it('counts what differs and shows the first of it', () => {
    const comparison = createComparison('x');
    comparison.string();
    comparison.equal('ids', 'é', Int32Array.of(1, 2), [1, 2]);
    comparison.equal('ids', 'é', Int32Array.of(1), [1, 2]);
    comparison.equal('text', [5], 'a', 'b');
    const report = comparison.report();
    expect(report).toMatchObject({ strings: 1, checks: 3, differences: 2 });
    expect(report.examples[0]).toEqual({ what: 'ids', of: '"\\u00e9"', ours: '[1]', theirs: '[1,2]' });
    expect(describeReport(report, 1)).toMatch(/^x .* 1 strings .* 3 checks .* 2 differences/);
  });
  it('has a rule for each documented difference', () => {
    for (const { cause } of documentedDifferences) expect(cause.length).toBeGreaterThan(40);
    expect(causeOf('x', 'ids', 'plain')).toBeUndefined();
  });
});

describe('strings', () => {
  it('are the same for a seed', () => {
    const draw = (seed: number) => awkwardStrings({ strings: 50, seed }, ['<s>']);
    expect(draw(3)).toEqual(draw(3));
    expect(draw(3)).not.toEqual(draw(4));
    expect(draw(3).join('')).toContain('<s>');
    expect(idLists(20, 1, 100)).toEqual(idLists(20, 1, 100));
    expect(specialStrings(['<a>', '<b>'])).toContain('<a><b>');
  });
  it('hold the ends of all blocks and all code points', () => {
    const edges = blockEdges();
    expect(edges.slice(0, 4)).toEqual([0, 0x7f, 0x80, 0xff]);
    expect(edges.slice(-2)).toEqual([0x100000, 0x10ffff]);
    expect(edges).toContain(0x1e6c0);
    expect(edgeStrings().length).toBe(edges.length * 3);
    const all = new Set(everyCodePoint().join(''));
    expect(all.has('\u{3ffff}') && all.has('\ufeff') && all.has('\u{e01ef}')).toBe(true);
  });
});
