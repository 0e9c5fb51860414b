import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { lzwTokenizer } from './lzw';
import { markovSource, unigramCrossEntropy } from './markov-source';

const binary = markovSource({ values: new Float64Array([0.9, 0.1, 0.2, 0.8]), columns: 2 });
const entropy = (p: number) => -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);

describe('markovSource', () => {
  it('knows its long run', () => {
    expect([...binary.stationary]).toEqual([expect.closeTo(2 / 3, 9), expect.closeTo(1 / 3, 9)]);
    expect(binary.entropyRate).toBeCloseTo((2 / 3) * entropy(0.1) + (1 / 3) * entropy(0.2), 9);
    expect(binary.order).toBe(1);
  });

  it('settles where it alternates', () => {
    const source = markovSource({ values: new Float64Array([0, 1, 1, 0]), columns: 2 });
    expect([...source.stationary]).toEqual([0.5, 0.5]);
    expect(source.entropyRate).toBe(0);
    const [first, ...rest] = source.sample(10, mulberry32(1));
    expect(rest).toEqual(Array.from({ length: 9 }, (_, index) => (index % 2 === 0 ? 1 - first! : first!)));
  });

  it('has orders from none to many', () => {
    expect(markovSource({ values: new Float64Array([0.5, 0.25, 0.25]), columns: 3 })).toMatchObject({
      order: 0,
      entropyRate: 1.5,
    });
    const values = new Float64Array(16).fill(0.5);
    expect(markovSource({ values, columns: 2 })).toMatchObject({ order: 3, entropyRate: expect.closeTo(1, 9) });
    expect(markovSource({ values: new Float64Array([1]), columns: 1 }).entropyRate).toBe(0);
  });

  it('draws by its probabilities', () => {
    const drawn = binary.sample(20_000, mulberry32(4));
    expect(drawn.reduce((sum, symbol) => sum + symbol, 0) / drawn.length).toBeCloseTo(1 / 3, 1);
  });

  it('refuses what is no distribution', () => {
    expect(() => markovSource({ values: new Float64Array([0.5, 0.4]), columns: 2 })).toThrow('sum');
    expect(() => markovSource({ values: new Float64Array([0.5, 0.5, 1, 0, 1, 0]), columns: 2 })).toThrow('power of 2');
    expect(() => markovSource({ values: new Float64Array([Number.NaN, 1]), columns: 2 })).toThrow('finite');
    expect(() => markovSource({ values: new Float64Array(0), columns: 2 })).toThrow('power');
  });
});

describe('unigramCrossEntropy', () => {
  it('falls towards the entropy rate as the dictionary grows', () => {
    const training = binary.sample(60_000, mulberry32(7));
    const text = binary.sample(60_000, mulberry32(8));
    const bits = [2, 8, 32, 128].map((size) => {
      const ids = lzwTokenizer(training, 2, size).encode(text);
      return unigramCrossEntropy(ids, text.length);
    });
    expect(bits[0]).toBeCloseTo(entropy(1 / 3), 1);
    for (let index = 1; index < bits.length; index += 1) expect(bits[index]).toBeLessThan(bits[index - 1]!);
    expect(bits.at(-1)).toBeGreaterThan(binary.entropyRate - 0.02);
    expect(bits.at(-1)! - binary.entropyRate).toBeLessThan(0.15);
  });

  it('takes nothing', () => {
    expect(unigramCrossEntropy([], 0)).toBe(0);
    expect(unigramCrossEntropy([5, 5], 2)).toBe(0);
  });
});

describe('lzwTokenizer', () => {
  it('learns longer tokens and gives texts back', () => {
    const tokenizer = lzwTokenizer([0, 1, 0, 1, 0, 1, 0, 1], 2, 6);
    expect(tokenizer.tokens.map((token) => [...token])).toEqual([[0], [1], [0, 1], [1, 0], [0, 1, 0], [0, 1, 0, 1]]);
    const text = binary.sample(500, mulberry32(2));
    expect(tokenizer.decode(tokenizer.encode(text))).toEqual(text);
    expect([...tokenizer.encode([0, 1, 0, 0])]).toEqual([4, 0]);
  });

  it('refuses other symbols and ids', () => {
    expect(() => lzwTokenizer([0, 3], 2, 9)).toThrow('3 at 1');
    expect(() => lzwTokenizer([0], 2, 1)).toThrow('size');
    expect(() => lzwTokenizer([0], 2, 9).encode([5])).toThrow('5 at 0');
    expect(() => lzwTokenizer([0], 2, 9).decode([77])).toThrow('77 at 0');
  });
});
