import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { halfToNumber } from '../checkpoint/half-precision';
import { TokensError } from '../errors/tokens-error';
import { packBits, packBitTokens, unpackBits, unpackBitTokens } from './bit-packing';
import { numberToHalf } from './half-float';
import { bitsForAlphabet } from './levels';
import { packRadix, radixBytes, radixSaves, symbolsPerWord, unpackRadix } from './mixed-radix';
import { checkFrequencies, decodeRans, encodeRans, normalizeCounts } from './rans';

describe('bit packing', () => {
  it('puts the least significant bit first', () => {
    expect(packBits(Int32Array.of(0xabc, 0xdef), 12)).toEqual(Uint8Array.of(0xbc, 0xfa, 0xde));
    expect(packBitTokens(Uint8Array.of(0b1, 0b1, 0b10, 0b1), 9)).toEqual(Uint8Array.of(1, 0b101, 0b10));
  });

  it('counts bits of alphabets', () => {
    expect([1, 2, 3, 4, 5, 4096, 4097, 2 ** 31].map(bitsForAlphabet)).toEqual([0, 1, 2, 2, 3, 12, 13, 31]);
  });

  it('is undone by unpacking', () => {
    const lists = fc
      .integer({ min: 0, max: 31 })
      .chain((width) => fc.tuple(fc.constant(width), fc.array(fc.integer({ min: 0, max: 2 ** width - 1 }))));
    fc.assert(
      fc.property(lists, ([width, list]) => {
        const values = Int32Array.from(list);
        expect(unpackBits(packBits(values, width), values.length, width)).toEqual(values);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(20), (bits, count) => {
        const bytes = Math.ceil(bits / 8);
        const data = Uint8Array.from({ length: count * bytes }, (_, index) =>
          index % bytes === bytes - 1 ? 0xff >> (8 * bytes - bits) : index,
        );
        expect(unpackBitTokens(packBitTokens(data, bits), count, bits)).toEqual(data);
      }),
    );
  });
});

describe('mixed radix', () => {
  it('fills 64-bit words', () => {
    expect([3, 5, 6561].map(symbolsPerWord)).toEqual([40, 27, 5]);
    expect([2, 3, 5, 6561, 4096].map(radixSaves)).toEqual([false, true, true, false, false]);
    expect(radixBytes(41, 3)).toBe(9);
    expect(packRadix(Int32Array.of(2, 1, 0, 1), 3)).toEqual(Uint8Array.of(2 + 3 + 27));
  });

  it('is undone by unpacking, also where a word is full', () => {
    const lists = fc
      .integer({ min: 2, max: 2 ** 22 - 1 })
      .chain((radix) =>
        fc.tuple(fc.constant(radix), fc.array(fc.integer({ min: 0, max: radix - 1 }), { maxLength: 100 })),
      );
    fc.assert(
      fc.property(lists, ([radix, list]) => {
        const values = Int32Array.from(list);
        expect(unpackRadix(packRadix(values, radix), values.length, radix)).toEqual(values);
      }),
    );
    const largest = new Int32Array(32).fill(3);
    expect(packRadix(largest, 4)).toEqual(new Uint8Array(8).fill(255));
    expect(unpackRadix(new Uint8Array(8).fill(255), 40, 3)).toBeUndefined();
  });
});

describe('rANS', () => {
  const zero = (): number => 0;

  it('comes close to the entropy', () => {
    const symbols = Int32Array.from({ length: 10_000 }, (_, index) => (index % 10 === 0 ? 1 + (index % 3) : 0));
    const counts = new Float64Array(4);
    for (const symbol of symbols) {
      counts[symbol]! += 1;
    }
    const tables = normalizeCounts([counts]);
    const bytes = encodeRans(symbols, tables, zero);
    const entropy = counts.reduce(
      (bits, count) => bits + (count === 0 ? 0 : count * Math.log2(symbols.length / count)),
      0,
    );
    expect(8 * bytes.length).toBeLessThan(1.01 * entropy + 64);
    expect(decodeRans(bytes, symbols.length, tables, zero)).toEqual({ symbols, bytesRead: bytes.length });
  });

  it('gives back any symbols with any tables', () => {
    const cases = fc
      .tuple(fc.constantFrom(2, 3, 17, 256, 257, 5000), fc.integer({ min: 1, max: 3 }))
      .chain(([alphabet, contexts]) =>
        fc.tuple(
          fc.constant({ alphabet, contexts }),
          fc.array(fc.integer({ min: 0, max: alphabet - 1 }), { maxLength: 300 }),
          fc.array(fc.nat(10_000), { minLength: 5, maxLength: 5 }),
        ),
      );
    fc.assert(
      fc.property(cases, ([{ alphabet, contexts }, list, pattern]) => {
        const symbols = Int32Array.from(list);
        const tables = normalizeCounts(
          Array.from({ length: contexts }, (_, context) =>
            Float64Array.from({ length: alphabet }, (__, symbol) => pattern[(symbol + context) % 5]!),
          ),
        );
        expect(checkFrequencies('f', alphabet, [...tables.frequencies])).toEqual(tables);
        const context = (position: number): number => position % contexts;
        const bytes = encodeRans(symbols, tables, context);
        expect(decodeRans(bytes, symbols.length, tables, context).symbols).toEqual(symbols);
      }),
    );
  });

  it('leaves every symbol a place, also where only one occurs', () => {
    expect([...normalizeCounts([Float64Array.of(0, 9)]).frequencies]).toEqual([82, 4014]);
    const { frequencies, total } = normalizeCounts([new Float64Array(300)]);
    expect(total).toBe(65536);
    expect(frequencies.reduce((sum, value) => sum + value, 0)).toBe(65536);
  });

  it.each([[[4096, 0]], [[2048, 2047]], [[4090, 6]], [[2048, 2048, 4096]], [[]], [[1.5, 4094.5]]])(
    'refuses the table %j',
    (frequencies) => {
      expect(() => checkFrequencies('f', 2, frequencies)).toThrow(TokensError);
    },
  );
});

describe('half floats', () => {
  it('round to the nearest, ties to even', () => {
    const cases = [
      [0.1, 0x2e66],
      [-0, 0x8000],
      [65504, 0x7bff],
      [65519.99, 0x7bff],
      [65520, 0x7c00],
      [2 ** -24, 1],
      [2 ** -25, 0],
      [3 * 2 ** -25, 2],
      [2 ** -14, 0x400],
      [2 ** -14 - 2 ** -26, 0x400],
      [2049, 0x6800],
      [2051, 0x6802],
      [Number.NEGATIVE_INFINITY, 0xfc00],
      [Number.NaN, 0x7e00],
    ] as const;
    expect(cases.map(([value]) => numberToHalf(value))).toEqual(cases.map(([, half]) => half));
  });

  it('give back every half', () => {
    const wrong = [...Array(65536).keys()].filter((bits) => {
      const value = halfToNumber(bits);
      return !Number.isNaN(value) && numberToHalf(value) !== bits;
    });
    expect(wrong).toEqual([]);
  });
});
