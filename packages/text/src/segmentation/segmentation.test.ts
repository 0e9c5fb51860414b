import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { segmentHashtag } from '../hashtags/segment-hashtag';
import { lexiconOf, segmentByGrammar, type SubwordGrammar } from '../subword-grammar/subword-grammar';
import { boundariesOfLengths, pk, windowDiff } from './boundary-scores';
import { pairFeatures, selectByGradient, semanticSegments } from './semantic-segments';
import { embeddingTiling, textTiling } from './text-tiling';
import { topicalSegments, topicPairs } from './topical-segments';

describe('Pk and WindowDiff', () => {
  const reference = boundariesOfLengths([3, 3, 3]);

  it('are zero for the same and one for the opposite', () => {
    expect([...reference]).toEqual([0, 0, 1, 0, 0, 1, 0, 0, 0]);
    expect(pk(reference, reference)).toBe(0);
    expect(windowDiff(reference, reference)).toBe(0);
    expect(
      pk(
        reference,
        reference.map((value) => 1 - value),
        { size: 1 },
      ),
    ).toBe(1);
  });

  it('count windows', () => {
    const late = boundariesOfLengths([4, 2, 3]);
    // Windows that hold one of the two places of the first boundary, but not both.
    expect(windowDiff(reference, late, { size: 2 })).toBeCloseTo(2 / 7, 12);
    const twice = boundariesOfLengths([2, 1, 3, 3]);
    expect(pk(reference, twice, { size: 2 })).toBeLessThan(windowDiff(reference, twice, { size: 2 }));
  });

  it('refuse other lengths and windows', () => {
    expect(() => pk(reference, [0])).toThrow('9 units');
    expect(() => pk(reference, reference, { size: 9 })).toThrow('1..8');
    expect(() => pk([], [])).toThrow('size');
    expect(() => boundariesOfLengths([0])).toThrow('lengths');
  });
});

describe('tiling', () => {
  it('cuts where words change', () => {
    const units = [
      ['cat', 'dog'],
      ['dog', 'cat', 'mouse'],
      ['mouse', 'cat'],
      ['stock', 'bond'],
      ['bond', 'price', 'stock'],
      ['price', 'stock'],
    ];
    expect(textTiling(units, { block: 2 })).toEqual([3]);
    expect(textTiling([])).toEqual([]);
    expect(textTiling([['a']])).toEqual([]);
    expect(textTiling([['a'], ['a'], ['a']])).toEqual([]);
    expect(() => textTiling(units, { block: 0 })).toThrow('block');
  });

  it('cuts where embeddings change', () => {
    const values = new Float32Array([1, 0, 1, 0.1, 1, 0, 0, 1, 0.1, 1, 0, 1]);
    expect(embeddingTiling({ values, columns: 2 })).toEqual([3]);
    expect(() => embeddingTiling({ values: new Float32Array([Number.NaN, 1]), columns: 2 })).toThrow('finite');
  });
});

describe('topics', () => {
  const sections = [['a1', 'a2', 'a3'], ['b1'], ['c1', 'c2']];

  it('join paragraphs that a scorer joins', async () => {
    const sameLetter = (first: string, second: string) => (first[0] === second[0] ? 0.9 : 0.1);
    expect(await topicalSegments(sections.flat(), sameLetter)).toEqual(sections);
    expect(await topicalSegments([], sameLetter)).toEqual([]);
    await expect(topicalSegments(['a', 'b'], () => Number.NaN)).rejects.toThrow('probability');
  });

  it('make pairs to train with', () => {
    const pairs = topicPairs(sections, mulberry32(1));
    expect(pairs).toHaveLength(15);
    for (const { first, second, isSame } of pairs) {
      expect(first[0] === second[0]).toBe(isSame);
      expect(first).not.toBe(second);
    }
    expect(topicPairs([['a']], mulberry32(1))).toEqual([]);
  });
});

describe('semantic segments', () => {
  it('join what belongs together, up to a length', () => {
    expect(semanticSegments(['aa', 'bb', 'cc', 'dd'], [0.9, 0.2, 0.9])).toEqual([
      ['aa', 'bb'],
      ['cc', 'dd'],
    ]);
    expect(semanticSegments(['aa', 'bb', 'cc'], [1, 1], { maxLength: 4 })).toEqual([['aa', 'bb'], ['cc']]);
    expect(semanticSegments([], [])).toEqual([]);
    expect(() => semanticSegments(['a', 'b'], [])).toThrow('1, one between');
    expect(() => semanticSegments(['a', 'b'], [Number.NaN])).toThrow('NaN');
  });

  it('have features of pairs', () => {
    expect([...pairFeatures([1, 2], [3, 5])]).toEqual([1, 2, 3, 5, -2, -3, 3, 10]);
    expect(() => pairFeatures([1], [])).toThrow('1 numbers');
  });

  it('are selected up to a steep fall', () => {
    const scores = [0.1, 0.9, 0.8, 0.7, 0.2];
    expect(selectByGradient(scores)).toEqual([1, 2, 3]);
    expect(selectByGradient(scores, { minimum: 4 })).toEqual([1, 2, 3, 4, 0]);
    expect(selectByGradient(scores, { maximum: 2 })).toEqual([1, 2]);
    expect(selectByGradient([])).toEqual([]);
    expect(() => selectByGradient([-1])).toThrow('-1 at 0');
  });
});

describe('segmentHashtag', () => {
  const words = new Map(
    Object.entries({ we: 90, all: 40, love: 50, the: 300, now: 30, nowhere: 3, here: 40, mad: 5, a: 200, bc: 1 }),
  );
  const best = (tag: string, options = {}) => segmentHashtag(tag, { words }, options)[0]!.words;

  it('finds the likeliest words', () => {
    expect(best('#welovethe')).toEqual(['we', 'love', 'the']);
    expect(best('nowhere')).toEqual(['nowhere']);
    expect(best('xyzzy')).toEqual(['xyzzy']);
  });

  it('heeds capitals, digits and underscores', () => {
    expect(best('NowHere')).toEqual(['Now', 'Here']);
    expect(best('now_here')).toEqual(['now', 'here']);
    expect(best('love2012')).toEqual(['love', '2012']);
  });

  it('knows pairs, ranks readings and takes features', () => {
    const pairs = new Map([['now here', 30]]);
    expect(segmentHashtag('nowhere', { words, pairs })[0]!.words).toEqual(['now', 'here']);
    const readings = segmentHashtag('nowhere', { words }, { count: 2 });
    expect(readings.map((reading) => reading.words.join(' '))).toEqual(['nowhere', 'now here']);
    expect(readings[0]!.score).toBeGreaterThan(readings[1]!.score);
    expect(
      best('nowhere', { feature: (list: readonly string[]) => 10 * list.length, count: 1 }).length,
    ).toBeGreaterThan(1);
  });

  it('takes anything', () => {
    expect(best('')).toEqual([]);
    expect(best('#')).toEqual([]);
    expect(best('😀\ud800').join('')).toBe('😀\ud800');
    expect(best('a'.repeat(500)).join('')).toBe('a'.repeat(500));
    expect(() => segmentHashtag('a', { words: new Map() })).toThrow('at least one word');
    expect(() => best('a', { count: 0 })).toThrow('count');
  });
});

describe('hostile hashtags', () => {
  const counts = { words: new Map([['a', 5]]) };

  it('are read in time in proportion to their length', () => {
    const [reading] = segmentHashtag('ab1'.repeat(1000), counts);
    expect(reading!.words.join('')).toBe('ab1'.repeat(1000));
    expect(segmentHashtag('#\ud800😀_', counts)[0]!.words.join('')).toBe('\ud800😀');
  });

  it('refuse numbers that are none', () => {
    expect(() => segmentHashtag('a', counts, { maxWordLength: 0 })).toThrow('maxWordLength');
    expect(() => segmentHashtag('a', counts, { caseBonus: NaN })).toThrow('caseBonus');
    expect(() => segmentHashtag('a', { words: new Map([['a', NaN]]) })).toThrow('counts');
  });
});

describe('segmentByGrammar', () => {
  const grammar: SubwordGrammar = {
    start: 'word',
    ends: { stem: 0, suffix: 0 },
    arcs: [
      { from: 'word', to: 'prefix', lexicon: { '': 0, un: 1, re: 1 } },
      { from: 'prefix', to: 'stem', lexicon: { ...lexiconOf(['do', 'unit', 'read'], 2), redo: 9 } },
      { from: 'stem', to: 'suffix', lexicon: { ing: 1, able: 1, s: 1 } },
      { from: 'suffix', to: 'suffix', lexicon: { s: 1 } },
    ],
  };

  it('finds the cheapest path', () => {
    expect(segmentByGrammar('undoing', grammar)).toEqual({
      pieces: ['un', 'do', 'ing'],
      states: ['prefix', 'stem', 'suffix'],
      cost: 4,
    });
    expect(segmentByGrammar('redo', grammar)?.pieces).toEqual(['re', 'do']);
    expect(segmentByGrammar('units', grammar)?.pieces).toEqual(['unit', 's']);
    expect(segmentByGrammar('readss', grammar)?.cost).toBe(4);
  });

  it('has no path for other words', () => {
    expect(segmentByGrammar('undo!', grammar)).toBeUndefined();
    expect(segmentByGrammar('', grammar)).toBeUndefined();
    expect(segmentByGrammar('un', grammar)).toBeUndefined();
  });

  it('refuses circles that get cheaper', () => {
    const circle = { ...grammar, arcs: [...grammar.arcs, { from: 'prefix', to: 'word', lexicon: { '': -1 } }] };
    expect(() => segmentByGrammar('do', circle)).toThrow('circle');
    const wrong = { ...grammar, arcs: [{ from: 'word', to: 'stem', lexicon: { do: Number.NaN } }] };
    expect(() => segmentByGrammar('do', wrong)).toThrow('NaN');
  });
});
