import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { multiply, singularValues } from '../numeric/svd';
import { alignByDictionary, parseDictionary, titleCase } from './dictionary';
import { subwordVectorsOfTexts, subwordVectorsOfWords } from './subword-vectors';
import { wechselEmbeddings } from './wechsel';

const random = mulberry32(3);
const matrix = (columns: number, ...values: number[]) => ({ values: Float32Array.from(values), columns });
const draw = (rows: number, columns: number) => ({ values: random.normal(rows * columns), columns });

describe('parseDictionary', () => {
  it('reads tabs or spaces', () => {
    expect(parseDictionary('new york\tneu york\n\nhouse haus\r\n')).toEqual([
      ['new york', 'neu york'],
      ['house', 'haus'],
    ]);
    expect(() => parseDictionary('a\nb c')).toThrow('dictionary line 1: expected two words, got "a"');
  });

  it('writes titles', () => {
    expect(titleCase("ÉCOLE o'neil 3a ")).toBe("École O'Neil 3A ");
  });
});

describe('alignByDictionary', () => {
  it('recovers a rotation between the spaces', () => {
    const vectors = draw(8, 4);
    const rotation = singularValues(draw(4, 4)).left;
    const words = Array.from({ length: 8 }, (_, index) => `w${index}`);
    const source = { words, vectors };
    const target = { words: words.map((word) => word.toUpperCase()), vectors: multiply(vectors, rotation) };
    const found = alignByDictionary(
      source,
      target,
      words.map((word) => [word, word.toUpperCase()]),
    );
    expect([...found.values]).toEqual([...rotation.values].map((value) => expect.closeTo(value, 4)));
  });

  it('refuses dictionaries and spaces that do not fit', () => {
    const one = { words: ['a'], vectors: matrix(2, 1, 0) };
    expect(() => alignByDictionary(one, one, [['x', 'y']])).toThrow('at least one pair of known words');
    expect(() => alignByDictionary(one, { words: ['a'], vectors: matrix(1, 1) }, [])).toThrow('vectors of 2 numbers');
    expect(() => alignByDictionary({ ...one, words: [] }, one, [])).toThrow('0 rows');
  });
});

describe('subword vectors', () => {
  it('come from texts without spaces around them', () => {
    const found = subwordVectorsOfTexts([' a', 'b'], (text) => (text === 'a' ? [1, 2] : undefined), 2);
    expect([...found.values]).toEqual([1, 2, 0, 0]);
    expect(() => subwordVectorsOfTexts(['a'], () => [1], 2)).toThrow('2 numbers');
  });

  it('are means of the words that hold them, by frequency', () => {
    const options = {
      words: ['ab', 'b'],
      vectors: matrix(1, 3, 9),
      frequencies: [1, 2],
      encode: (text: string) => Array.from(text, (character) => ' abc'.indexOf(character)),
      vocabularySize: 4,
    };
    expect([...subwordVectorsOfWords(options).values]).toEqual([7, 3, 7, 0]);
    expect([...subwordVectorsOfWords({ ...options, maxWords: 1 }).values]).toEqual([3, 3, 3, 0]);
    expect(() => subwordVectorsOfWords({ ...options, vocabularySize: 2 })).toThrow('ids below 2');
    expect(() => subwordVectorsOfWords({ ...options, frequencies: [] })).toThrow('2 vectors and frequencies');
  });
});

describe('wechselEmbeddings', () => {
  const options = {
    sourceVectors: draw(12, 5),
    targetVectors: draw(6, 5),
    sourceEmbeddings: draw(12, 3),
    fallback: random,
  };

  it('mixes convexly', () => {
    const { embeddings, sources } = wechselEmbeddings({ ...options, neighbors: 4 });
    for (const [token, { rows, weights }] of sources.entries()) {
      expect(rows).toHaveLength(4);
      expect(Array.from(weights).reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10);
      for (let column = 0; column < 3; column += 1) {
        const parts = Array.from(rows, (row) => options.sourceEmbeddings.values[row * 3 + column]!);
        const value = embeddings.values[token * 3 + column]!;
        expect(value).toBeGreaterThanOrEqual(Math.min(...parts) - 1e-6);
        expect(value).toBeLessThanOrEqual(Math.max(...parts) + 1e-6);
      }
    }
  });

  it('is the identity for equal vectors at a low temperature', () => {
    const { embeddings } = wechselEmbeddings({ ...options, targetVectors: options.sourceVectors, temperature: 1e-3 });
    expect([...embeddings.values]).toEqual(
      [...options.sourceEmbeddings.values].map((value) => expect.closeTo(value, 5)),
    );
  });

  it('copies and falls back', () => {
    const found = wechselEmbeddings({
      sourceVectors: matrix(1, 1, -1),
      targetVectors: matrix(1, 0, 1, 1),
      sourceEmbeddings: matrix(1, 5, 7),
      fallback: matrix(1, 42, 0, 0),
      copies: [[1, 2]],
      neighbors: 1,
    });
    expect([...found.embeddings.values]).toEqual([42, 5, 7]);
    expect([...found.notFound]).toEqual([0]);
  });

  it('refuses what does not fit', () => {
    expect(() => wechselEmbeddings({ ...options, temperature: 0 })).toThrow('temperature');
    expect(() => wechselEmbeddings({ ...options, targetVectors: draw(6, 4) })).toThrow('vectors of 5 numbers');
    expect(() => wechselEmbeddings({ ...options, sourceEmbeddings: draw(3, 3) })).toThrow('12 rows');
    expect(() => wechselEmbeddings({ ...options, fallback: draw(6, 2) })).toThrow('[6, 3]');
    expect(() => wechselEmbeddings({ ...options, copies: [[0, 9]] })).toThrow('target ids below 6');
    expect(() => wechselEmbeddings({ ...options, copies: [[99, 0]] })).toThrow('a row 99');
    const broken = { values: new Float32Array(30).fill(NaN), columns: 5 };
    expect(() => wechselEmbeddings({ ...options, targetVectors: broken })).toThrow('finite values');
  });
});
