import { describe, expect, it } from 'vitest';
import { splitSelfies, selfiesVocabulary } from '../selfies/selfies';
import { segmentationScores, vocabularyFromTerms } from './segmentation-scores';

describe('segmentationScores', () => {
  it('counts segments as bags', () => {
    const scores = segmentationScores(
      [
        ['neuro', 'path', 'ic'],
        ['a', 'a'],
      ],
      [
        ['neuro', 'pathic'],
        ['a', 'b', 'a', 'a'],
      ],
    );
    expect(scores.precision).toBeCloseTo(3 / 6, 12);
    expect(scores.recall).toBeCloseTo(3 / 5, 12);
    expect(scores.f1).toBeCloseTo((2 * 0.5 * 0.6) / 1.1, 12);
    expect(scores.distance).toBeCloseTo((3 + 8) / 2, 12);
  });

  it('is perfect for the same and zero for nothing in common', () => {
    expect(segmentationScores([['ab', 'c']], [['ab', 'c']])).toEqual({ precision: 1, recall: 1, f1: 1, distance: 0 });
    expect(segmentationScores([['ab']], [['x']])).toMatchObject({ precision: 0, recall: 0, f1: 0 });
    expect(segmentationScores([['ab']], [[]])).toMatchObject({ precision: 0, f1: 0, distance: 2 });
    expect(() => segmentationScores([], [])).toThrow('1 words');
    expect(() => segmentationScores([['a']], [])).toThrow('1 words');
  });
});

describe('vocabularyFromTerms', () => {
  it('takes segments that occur more than once', () => {
    const terms = [['cardio', 'pathy'], ['neuro', 'pathy'], ['neuro', 'n'], ['pathy']];
    expect(vocabularyFromTerms(terms)).toEqual(['##pathy', 'neuro']);
    expect(vocabularyFromTerms(terms, { base: ['[PAD]', 'neuro'], minCount: 1, continuation: '' })).toEqual([
      '[PAD]',
      'neuro',
      'pathy',
      'cardio',
      'n',
    ]);
    expect(vocabularyFromTerms([])).toEqual([]);
  });
});

describe('splitSelfies', () => {
  it('splits symbols', () => {
    expect(splitSelfies('[C][=O].[Ring1]')).toEqual(['[C]', '[=O]', '.', '[Ring1]']);
    expect(splitSelfies('')).toEqual([]);
    expect(selfiesVocabulary(['[C][C]', '[N][C]'])).toEqual(['[C]', '[N]']);
  });

  it('refuses what is no SELFIES', () => {
    for (const text of ['CCO', '[C', '[C]x', '[]', ']']) expect(() => splitSelfies(text)).toThrow('brackets');
  });
});
