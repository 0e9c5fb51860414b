import { describe, expect, it } from 'vitest';
import { indexTokens, sampleSource, sampleTokenizer } from '../../test/arbitrary-tokens';
import { InputError } from '../errors/input-error';
import { mulberry32 } from '../random/mulberry32';
import { encodeRans, normalizeCounts } from '../tokens/rans';
import { Tokens } from '../tokens/tokens';
import { coOccurrenceAccumulator } from './co-occurrence';
import { compressibilityAccumulator } from './compressibility';
import { entropyRate } from './entropy-rate';
import { heapsAccumulator, heapsCurve } from './heaps';
import { logSpaced } from './log-spaced';
import { mutualInformationAccumulator } from './mutual-information';
import { ngramAccumulator, ngramCounts } from './ngrams';
import { noveltyAccumulator, surprisal } from './novelty';

function grid(ids: readonly number[], width: number, vocabularySize = 16): Tokens {
  return new Tokens({
    tokenizer: sampleTokenizer,
    source: sampleSource,
    prefixUnit: 'none',
    levels: [
      {
        kind: 'index',
        vocabularySize,
        shape: [ids.length / width, width],
        axes: ['height', 'width'],
        data: Int32Array.from(ids),
      },
    ],
  });
}

describe('logSpaced', () => {
  it('runs from 1 to the limit', () => {
    expect(logSpaced(1000, 4)).toEqual([1, 10, 100, 1000]);
    expect(logSpaced(2, 64)).toEqual([1, 2]);
    expect(logSpaced(0, 64)).toEqual([]);
  });
});

describe('heapsCurve', () => {
  it('recovers the exponent with which types grow', () => {
    // Token n is new where n^0.6 passes a whole number.
    const ids: number[] = [];
    for (let read = 1, types = 0; read <= 50_000; read += 1) {
      if (Math.floor(read ** 0.6) > types) types += 1;
      ids.push(types - 1);
    }
    const curve = heapsCurve(ids);
    expect(curve.types).toBe(Math.floor(50_000 ** 0.6));
    expect(Math.abs(curve.exponent - 0.6)).toBeLessThan(0.03);
    expect(curve.curve.at(-1)).toEqual([50_000, curve.types]);
    expect(curve.r2).toBeGreaterThan(0.99);
    expect(() => heapsCurve(ids, { points: 1 })).toThrow(InputError);
  });

  it('counts the types that each item brings', () => {
    const accumulator = heapsAccumulator();
    accumulator.add(indexTokens([1, 2, 1]));
    accumulator.add(indexTokens([2, 3, 4]));
    accumulator.add(indexTokens([4, -1, 1]));
    const [value] = accumulator.value().value;
    expect(value).toMatchObject({ tokens: 8, types: 4, newTypes: [2, 2, 0] });
    expect(value!.curve).toContainEqual([3, 2]);
  });
});

describe('noveltyAccumulator', () => {
  it('tells new types and tokens of items', () => {
    const accumulator = noveltyAccumulator();
    accumulator.add(indexTokens([1, 2, 1]));
    accumulator.add(indexTokens([2, 3, 3]));
    accumulator.add(indexTokens([]));
    const [value] = accumulator.value().value;
    expect(value!.items).toEqual([
      { tokens: 3, types: 2, newTypes: 2, newTokens: 3, novelty: 1 },
      { tokens: 3, types: 2, newTypes: 1, newTokens: 2, novelty: 2 / 3 },
      { tokens: 0, types: 0, newTypes: 0, newTokens: 0, novelty: 0 },
    ]);
    expect(value!.itemsUntil).toEqual({ half: 1, most: 2, nearlyAll: 2 });
  });

  it('measures how unlike others tokens are', () => {
    expect(surprisal([0, 0, -1], [3, 0, 0, 0], { prior: 1 })).toBeCloseTo(Math.log2(7 / 4), 12);
    expect(surprisal([1], [3, 0, 0, 0], { prior: 1 })).toBeCloseTo(Math.log2(7), 12);
    expect(surprisal([], [1])).toBeNaN();
    expect(() => surprisal([4], [3, 0, 0, 0])).toThrow(InputError);
    expect(() => surprisal([0], [3], { prior: 0 })).toThrow(InputError);
  });
});

describe('ngrams', () => {
  it('follows the scan order, and stays in lines when asked', () => {
    const ids = Int32Array.of(1, 2, 3, 4, 5, 6);
    const keys = (order: 'row' | 'column' | 'diagonal', acrossLines: boolean) => [
      ...ngramCounts(ids, [2, 3], 2, { order, acrossLines }).keys(),
    ];
    expect(keys('row', true)).toEqual(['1 2', '2 3', '3 4', '4 5', '5 6']);
    expect(keys('row', false)).toEqual(['1 2', '2 3', '4 5', '5 6']);
    expect(keys('column', false)).toEqual(['1 4', '2 5', '3 6']);
    expect(keys('diagonal', false)).toEqual(['4 2', '5 3']);
    expect([...ngramCounts(Int32Array.of(1, -1, 2, 2, 2), [5], 2)]).toEqual([['2 2', 2]]);
    expect(() => ngramCounts(ids, [6], 5)).toThrow(InputError);
    expect(() => ngramCounts(ids, [6], 2, { order: 'spiral' as 'row' })).toThrow(InputError);
  });

  it('has the entropies of a chain', () => {
    const accumulator = ngramAccumulator({ length: 2, mostFrequent: 1 });
    accumulator.add(indexTokens(Array.from({ length: 4001 }, (_, index) => index % 4)));
    const [unigrams, bigrams] = accumulator.value().value[0]!;
    expect(unigrams!.entropy).toBeCloseTo(2, 5);
    expect(bigrams!.conditional).toBeCloseTo(0, 5);
    expect(bigrams).toMatchObject({ types: 4, total: 4000, mostFrequent: [{ symbols: [0, 1], count: 1000 }] });
    expect(bigrams!.rankFrequency).toEqual([
      [1, 1000],
      [2, 1000],
      [3, 1000],
      [4, 1000],
    ]);
  });

  it('names the ids of n-grams of large vocabularies', () => {
    const accumulator = ngramAccumulator({ length: 4, mostFrequent: 1 });
    accumulator.add(indexTokens([100_000, 7, 199_999, 0], 200_000));
    expect(accumulator.value().value[0]!.at(-1)!.mostFrequent[0]!.symbols).toEqual([100_000, 7, 199_999, 0]);
  });
});

describe('mutualInformationAccumulator', () => {
  it('is the entropy where neighbors are equal, and small where they are not related', () => {
    const random = mulberry32(3);
    const accumulator = mutualInformationAccumulator();
    for (let item = 0; item < 200; item += 1) {
      // Columns are constant: what is above says all, what is left says nothing.
      const row = [...random.integers(0, 4, 8)];
      accumulator.add(grid([...row, ...row, ...row], 8));
    }
    const directions = new Map(accumulator.value().value[0]!.map((entry) => [entry.direction, entry]));
    expect(directions.get('height')!.normalized).toBeCloseTo(1, 9);
    expect(directions.get('height')!.bits).toBeCloseTo(2, 2);
    expect(directions.get('width')).toMatchObject({ distance: 1, pairs: 200 * 3 * 7 });
    expect(directions.get('width')!.bits).toBeLessThan(0.02);
    expect(directions.get('width')!.corrected).toBeLessThan(directions.get('width')!.bits);
    expect(directions.get('diagonal')!.pairs).toBe(200 * 2 * 7);
    expect(() => mutualInformationAccumulator({ distances: [0] })).toThrow(InputError);
  });
});

describe('coOccurrenceAccumulator', () => {
  it('counts each pair of places once', () => {
    const accumulator = coOccurrenceAccumulator();
    accumulator.add(grid([1, 2, 1, 2], 2));
    const [value] = accumulator.value().value;
    // Two rows (1, 2), two columns (1, 1) and (2, 2), two diagonals (1, 2).
    expect(value!.total).toBe(6);
    expect(value!.pairs[0]).toMatchObject({ symbols: [1, 2], count: 4 });
    expect(value!.pairs[0]!.pointwise).toBeCloseTo(Math.log2(4 / 6 / 2 / 0.25), 12);
    expect(() => coOccurrenceAccumulator({ radius: 0 })).toThrow(InputError);
  });
});

describe('entropyRate', () => {
  it('parses as by hand', () => {
    // 1 | 0 | 11 | 01 | 010 | 00 | 10: the example of the textbooks.
    expect(entropyRate([1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0])).toMatchObject({ tokens: 13, phrases: 7 });
    expect(entropyRate([]).bitsPerToken).toBeNaN();
  });

  it('tends to the entropy of fair tosses, and to nothing for a pattern', () => {
    expect(Math.abs(entropyRate(mulberry32(1).integers(0, 4, 400_000)).bitsPerToken - 2)).toBeLessThan(0.15);
    expect(entropyRate(Array.from({ length: 100_000 }, (_, index) => index % 5)).bitsPerToken).toBeLessThan(0.12);
  });
});

describe('compressibilityAccumulator', () => {
  const of = (ids: readonly number[], vocabularySize: number) => {
    const accumulator = compressibilityAccumulator();
    accumulator.add(indexTokens(ids, vocabularySize));
    return accumulator.value().value[0]!;
  };

  it('counts what the coder writes', () => {
    const ids = mulberry32(9)
      .integers(0, 40, 20_000)
      .map((id) => Math.floor((id * id) / 40));
    const counts = new Float64Array(40);
    for (const id of ids) counts[id]! += 1;
    const coded = encodeRans(ids, normalizeCounts([counts]), () => 0).length;
    const { packed, order0 } = of([...ids], 1000);
    expect(packed).toBe(25_000);
    expect(Math.abs(order0!.payload - coded)).toBeLessThan(0.001 * coded + 4);
    expect(order0!.bytes).toBe(order0!.payload + order0!.tables);
  });

  it('sees order where there is one', () => {
    const chain = of(
      Array.from({ length: 20_000 }, (_, index) => (index * 7) % 64),
      64,
    );
    expect(chain.order0!.payload).toBeGreaterThan(14_900);
    expect(chain.order1!.payload).toBeLessThan(700);
    expect(chain.gain).toBeGreaterThan(0.9);
    const noise = of([...mulberry32(4).integers(0, 64, 20_000)], 64);
    expect(noise.gain).toBeLessThan(0.01);
  });

  it('leaves out tables that cannot be', () => {
    expect(of([3, 3, 3], 8)).toMatchObject({ order0: null, order1: null });
    expect(of([], 8)).toMatchObject({ packed: 0, gain: 0 });
  });
});
