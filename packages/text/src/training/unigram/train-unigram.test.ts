import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { finishTraining } from '../progress';
import { characterEnd } from '../units/text-units';
import { expectedCounts } from './expectation';
import { createPieceModel, setPieces } from './lattice';
import { repeatedSubstrings } from './repeated-substrings';
import { seedPieces } from './seed-pieces';
import type { UnigramTrainingOptions } from './settings';
import { trainUnigram } from './train-unigram';

const words = new Map([
  ['▁token', 9],
  ['▁tokens', 7],
  ['▁tokenizer', 5],
  ['▁tokenization', 4],
  ['▁organization', 3],
  ['▁size', 8],
  ['▁sizes', 2],
]);

const train = (options: UnigramTrainingOptions) => finishTraining(trainUnigram(words, options));

describe('repeatedSubstrings', () => {
  it('finds what counting all substrings finds', () => {
    const random = mulberry32(3);
    for (let round = 0; round < 30; round += 1) {
      // 0 ends words.
      const symbols = Int32Array.from([...random.integers(0, 4, 60), 0]);
      const longest = 5;
      const counts = new Map<string, { count: number; next: Set<number> }>();
      for (let start = 0; start < symbols.length; start += 1) {
        for (let end = start + 1; end <= Math.min(start + longest, symbols.length); end += 1) {
          if (symbols[end - 1] === 0) break;
          const key = symbols.subarray(start, end).join(' ');
          const known = counts.get(key) ?? { count: 0, next: new Set() };
          known.count += 1;
          known.next.add(symbols[end] ?? 0);
          counts.set(key, known);
        }
      }
      const expected = [...counts].filter(([key, { count, next }]) => key.includes(' ') && count > 1 && next.size > 1);
      const found = repeatedSubstrings(symbols, longest);
      const shown = Array.from(found.starts, (start, index) => [
        symbols.subarray(start, start + found.lengths[index]!).join(' '),
        found.counts[index],
      ]);
      expect(new Map(shown as [string, number][])).toEqual(new Map(expected.map(([key, { count }]) => [key, count])));
    }
  });
});

describe('expectedCounts', () => {
  it('sums over every way to put a word together', () => {
    const pieces = ['<UNK>', 'a', 'b', 'ab'];
    const model = createPieceModel(pieces, characterEnd);
    setPieces(model, pieces, Float64Array.from([Number.NaN, Math.log(0.5), Math.log(0.2), Math.log(0.3)]));
    const counts = expectedCounts(model, [['ab', 2]]);
    const whole = 0.3 / (0.3 + 0.5 * 0.2);
    expect(counts[3]).toBeCloseTo(2 * whole, 12);
    expect(counts[1]).toBeCloseTo(2 * (1 - whole), 12);
    expect(counts[2]).toBeCloseTo(2 * (1 - whole), 12);
  });
});

describe('seedPieces', () => {
  it('has every character, and at most so many', () => {
    const { texts, scores } = seedPieces([...words], 16, 40, characterEnd);
    for (const character of new Set([...words.keys()].join(''))) expect(texts).toContain(character);
    expect(texts.length - 1).toBeLessThanOrEqual(40);
    const sum = scores.slice(1).reduce((total, score) => total + Math.exp(score), 0);
    expect(sum).toBeCloseTo(1, 9);
    expect(seedPieces([...words], 3, 1000, characterEnd).texts.every((text) => [...text].length <= 5)).toBe(true);
  });
});

describe('trainUnigram', () => {
  it('keeps the size, every character and falling scores', () => {
    const { pieces, unknownId } = train({ vocabularySize: 24, specialTokens: ['<s>'], unknownToken: '<unk>' });
    expect(pieces.length).toBeLessThanOrEqual(24);
    expect(pieces.slice(0, 2)).toEqual([
      ['<unk>', 0],
      ['<s>', 0],
    ]);
    expect(unknownId).toBe(0);
    const texts = pieces.map(([piece]) => piece);
    for (const character of new Set([...words.keys()].join(''))) expect(texts).toContain(character);
    const scores = pieces.slice(2).map(([, score]) => score);
    expect(scores).toEqual(scores.toSorted((one, other) => other - one));
    expect(texts).toContain('▁token');
  });

  it('finds the unknown token among the special ones', () => {
    const { unknownId, pieces } = train({ vocabularySize: 22, specialTokens: ['<s>', '<unk>'], unknownToken: '<unk>' });
    expect(unknownId).toBe(1);
    expect(pieces[1]).toEqual(['<unk>', 0]);
    expect(train({ vocabularySize: 22 }).unknownId).toBeUndefined();
  });

  it('keeps pieces short and the alphabet that was given', () => {
    const { pieces } = train({ vocabularySize: 40, maximumPieceLength: 3, initialAlphabet: '☃' });
    expect(Math.max(...pieces.map(([piece]) => [...piece].length))).toBe(3);
    expect(pieces.map(([piece]) => piece)).toContain('☃');
  });

  it('is likelier with more pieces', () => {
    const likelihood = (size: number) => {
      const { pieces } = train({ vocabularySize: size });
      const scores = new Map(pieces);
      let sum = 0;
      for (const [word, count] of words) {
        const best = new Float64Array(word.length + 1).fill(-Infinity);
        best[0] = 0;
        for (let start = 0; start < word.length; start += 1) {
          for (let end = start + 1; end <= word.length; end += 1) {
            const score = scores.get(word.slice(start, end));
            if (score !== undefined) best[end] = Math.max(best[end]!, best[start]! + score);
          }
        }
        sum += best[word.length]! * count;
      }
      return sum;
    };
    expect(likelihood(20)).toBeGreaterThan(likelihood(14));
  });

  it('refuses options out of their ranges', () => {
    expect(() => train({ vocabularySize: 5 })).toThrow('one for each character');
    expect(() => train({ vocabularySize: 0 })).toThrow('vocabularySize');
    expect(() => train({ shrinkingFactor: 1 })).toThrow('shrinkingFactor');
    for (const name of ['subIterations', 'maximumPieceLength', 'seedSize']) {
      expect(() => train({ [name]: 0 })).toThrow(`${name}: expected an integer from 1`);
    }
  });
});
