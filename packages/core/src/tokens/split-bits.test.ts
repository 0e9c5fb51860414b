import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleSource, sampleTokenizer } from '../../test/arbitrary-tokens';
import { TokensError } from '../errors/tokens-error';
import { flattenTokens } from './flatten';
import { bitsToIds, joinBits, splitBits } from './split-bits';
import { type BitLevel, Tokens } from './tokens';

const level = (bitsPerToken: number, data: readonly number[]): BitLevel => ({
  kind: 'bits',
  bitsPerToken,
  shape: [data.length / Math.ceil(bitsPerToken / 8)],
  axes: ['token'],
  data: Uint8Array.from(data),
});

describe('splitBits', () => {
  it('orders bits as asked', () => {
    // Channels 1, 0, 1, 1.
    const bits = level(4, [0b1101]);
    expect([...bitsToIds(bits, 'lsb').data]).toEqual([0b1101]);
    expect([...bitsToIds(bits, 'msb').data]).toEqual([0b1011]);
    expect(splitBits(bits, [1, 3], 'lsb').map(({ data, vocabularySize }) => [data[0], vocabularySize])).toEqual([
      [1, 2],
      [0b110, 8],
    ]);
    expect(splitBits(bits, [1, 3], 'msb').map(({ data }) => data[0])).toEqual([1, 0b011]);
  });

  it('is undone by joinBits', () => {
    const cases = fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 5 }).chain((groups) => {
      const bits = groups.reduce((sum, count) => sum + count, 0);
      const bytes = Math.ceil(bits / 8);
      return fc.tuple(
        fc.constant(groups),
        fc.array(fc.uint8Array({ minLength: bytes, maxLength: bytes }), { maxLength: 4 }).map((tokens) => {
          const mask = 0xff >> (8 * bytes - bits);
          return level(
            bits,
            tokens.flatMap((token) => [...token.subarray(0, -1), token.at(-1)! & mask]),
          );
        }),
      );
    });
    fc.assert(
      fc.property(cases, fc.constantFrom('lsb' as const, 'msb' as const), ([groups, bits], order) => {
        const ids = splitBits(bits, groups, order);
        expect(joinBits(ids, order)).toEqual(bits);
        const tokens = new Tokens({
          tokenizer: sampleTokenizer,
          source: sampleSource,
          prefixUnit: 'none',
          levels: ids,
        });
        expect(flattenTokens(tokens, { order: 'time' })).toHaveLength(groups.length * bits.shape[0]!);
      }),
    );
  });

  it('refuses groups and ids that do not fit', () => {
    expect(() => splitBits(level(4, [1]), [2, 1], 'lsb')).toThrow('expected 1..30 each, 4 together, got 2 + 1');
    expect(() => bitsToIds(level(31, [0, 0, 0, 0]), 'lsb')).toThrow(TokensError);
    const [ids] = splitBits(level(4, [1]), [4], 'lsb');
    expect(() => joinBits([{ ...ids!, data: Int32Array.of(-1) }], 'lsb')).toThrow(TokensError);
    expect(() => joinBits([ids!, { ...ids!, shape: [2] }], 'lsb')).toThrow(TokensError);
    expect(() => joinBits([{ ...ids!, vocabularySize: 12 }], 'lsb')).toThrow(TokensError);
    expect(() => joinBits([], 'lsb')).toThrow(TokensError);
  });
});
