import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { canonicalTokens, isSymbolic } from './canonical-tokens';
import { focusEmbeddings, focusWeights } from './focus';
import { findOverlap } from './overlap';
import { sparsemax } from './sparsemax';

describe('sparsemax', () => {
  it('gives a distribution with zeros', () => {
    expect([...sparsemax([1, 0.9, -3])]).toEqual([expect.closeTo(0.55, 12), expect.closeTo(0.45, 12), 0]);
    expect([...sparsemax([5, 0])]).toEqual([1, 0]);
    expect([...sparsemax([0.2])]).toEqual([1]);
  });

  it('is the projection onto the simplex', () => {
    const random = mulberry32(4);
    for (let trial = 0; trial < 40; trial += 1) {
      const scores = random.normal(6);
      const found = sparsemax(scores);
      expect(found.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 10);
      const distance = (weights: ArrayLike<number>) =>
        scores.reduce((sum, score, index) => sum + (score - weights[index]!) ** 2, 0);
      const other = random.uniform(6);
      const total = other.reduce((sum, value) => sum + value, 0);
      expect(distance(found)).toBeLessThanOrEqual(distance(other.map((value) => value / total)) + 1e-9);
    }
  });

  it('refuses NaN and nothing', () => {
    expect(() => sparsemax([NaN])).toThrow('finite numbers');
    expect(() => sparsemax([])).toThrow('at least one number');
  });
});

describe('canonicalTokens', () => {
  it('unifies three ways to mark words', () => {
    expect(canonicalTokens(['\u2581The', 'ing'], { style: 'sentencepiece' })).toEqual([
      { canonical: '\u2581The', fuzzy: 'the' },
      { canonical: 'ing', fuzzy: 'ing' },
    ]);
    expect(canonicalTokens(['\u0120The', '\u00c3\u00a9']).map(({ canonical }) => canonical)).toEqual([
      '\u2581The',
      'é',
    ]);
    expect(canonicalTokens(['the', '##ing'], { style: 'wordpiece' }).map(({ canonical }) => canonical)).toEqual([
      '\u2581the',
      'ing',
    ]);
    expect(() => canonicalTokens(['a'], { texts: [] })).toThrow('1 texts');
  });

  it('recognizes the style by its marks', () => {
    const many = (prefix: string) => Array.from({ length: 101 }, (_, index) => `${prefix}${index}`);
    expect(canonicalTokens(many('##'))[5]!.canonical).toBe('5');
    expect(canonicalTokens(many('\u2581'))[5]!.canonical).toBe('\u25815');
  });

  it('knows symbols', () => {
    expect(['12', '!?', '', '\u00a0 ', '三', 'Ⅷ'].map(isSymbolic)).not.toContain(false);
    expect(['a1', '!a', '…'].map(isSymbolic)).not.toContain(true);
  });
});

const tokens = (...canonical: string[]) => canonicalTokens(canonical, { style: 'sentencepiece' });

describe('findOverlap', () => {
  it('matches exactly, or without case and word beginning', () => {
    const source = tokens('\u2581a', 'A', 'b', '1');
    const target = tokens('\u2581A', 'b', '\u25811', 'c');
    expect(findOverlap(target, source)).toEqual({
      overlapping: [{ target: 1, sources: [2], match: 'exact' }],
      added: Int32Array.of(0, 2, 3),
    });
    const all = findOverlap(target, source, { fuzzy: true, symbols: true });
    expect(all.overlapping.map(({ match }) => match)).toEqual(['fuzzy', 'exact', 'symbol']);
    expect([...all.added]).toEqual([3]);
  });
});

const matrix = (columns: number, ...values: number[]) => ({ values: Float32Array.from(values), columns });

describe('focusEmbeddings', () => {
  const random = mulberry32(1);
  it('copies shared tokens, mixes new ones and draws the rest', () => {
    const source = tokens('a', 'b');
    const overlap = findOverlap(tokens('b', 'x', 'a', 'y'), source);
    const embeddings = focusEmbeddings({
      overlap,
      auxiliary: matrix(2, 1, 0, 1, 0, 0, 1, 0, 0),
      sourceEmbeddings: matrix(1, 10, 20),
      random,
    });
    expect(embeddings.values.slice(0, 3)).toEqual(Float32Array.of(20, 20, 10));
    expect(embeddings.values[3]).not.toBe(0);
  });

  it('stays in the convex hull, and is the identity for the same vocabulary', () => {
    const names = Array.from({ length: 8 }, (_, id) => `t${id}`);
    const sourceEmbeddings = matrix(3, ...random.normal(24));
    const auxiliary = matrix(4, ...random.normal(32));
    const same = focusEmbeddings({
      overlap: findOverlap(tokens(...names), tokens(...names)),
      auxiliary,
      sourceEmbeddings,
      random,
    });
    expect(same.values).toEqual(sourceEmbeddings.values);
    for (const { weights } of focusWeights(auxiliary, matrix(4, ...random.normal(20)))) {
      const list = Array.from(weights);
      expect(list.every((weight) => weight > 0)).toBe(true);
      expect(list.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10);
    }
  });

  it('leaves out tokens that may not be used, and says when none is left', () => {
    const overlap = findOverlap(tokens('a', 'b', 'x'), tokens('a', 'b'));
    const options = { overlap, auxiliary: matrix(1, 1, 1, 1), sourceEmbeddings: matrix(1, 10, 20), random };
    expect(focusEmbeddings({ ...options, mayUse: (id) => id === 1 }).values[2]).toBe(20);
    expect(() => focusEmbeddings({ ...options, mayUse: () => false })).toThrow('at least one shared token');
    expect(() => focusEmbeddings({ ...options, auxiliary: matrix(1, 1) })).toThrow('3 rows');
    expect(() => focusWeights(matrix(1, 1), matrix(2, 1, 1))).toThrow('vectors of 1 numbers');
    expect(() => focusWeights(matrix(1, NaN), matrix(1, 1))).toThrow('finite values');
  });
});
