import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexTokens, sampleSource, sampleTokenizer } from '../../test/arbitrary-tokens';
import { TokensError } from '../errors/tokens-error';
import { UnsupportedError } from '../errors/unsupported-error';
import { flattenTokens, unflattenTokens } from './flatten';
import { type TokenAxis, Tokens } from './tokens';

function levels(lists: readonly (readonly number[])[], outer: readonly number[], axis: TokenAxis = 'time'): Tokens {
  return new Tokens({
    tokenizer: sampleTokenizer,
    source: sampleSource,
    prefixUnit: 'none',
    levels: lists.map((list, index) => ({
      kind: 'index',
      vocabularySize: 100,
      shape: [outer[index]!, list.length / outer[index]!],
      axes: [axis, 'group'],
      data: Int32Array.from(list),
    })),
  });
}

const two = levels(
  [
    [1, 2, 3],
    [11, 12, 13],
  ],
  [3, 3],
);
const rates = levels(
  [
    [1, 2],
    [11, 12, 13, 14],
  ],
  [2, 4],
);

describe('flattenTokens', () => {
  it.each([
    ['level', two, [1, 2, 3, 11, 12, 13]],
    ['time', two, [1, 11, 2, 12, 3, 13]],
    ['delay', two, [1, -1, 2, 11, 3, 12, -1, 13]],
    ['time', rates, [1, 11, 12, 2, 13, 14]],
    [
      'time',
      levels(
        [
          [1, 2, 3, 4],
          [5, 6],
        ],
        [2, 2],
        'token',
      ),
      [1, 2, 5, 3, 4, 6],
    ],
  ] as const)('in the order %s', (order, tokens, expected) => {
    expect([...flattenTokens(tokens, { order })]).toEqual(expected);
  });

  it('shifts ids into a joint vocabulary, but not places without a token', () => {
    expect([...flattenTokens(indexTokens([3, -1]), { offset: 50 })]).toEqual([53, -1]);
  });

  it('takes an offset and a delay for each level', () => {
    expect([...flattenTokens(two, { order: 'time', offset: [100, 200] })]).toEqual([101, 211, 102, 212, 103, 213]);
    expect([...flattenTokens(two, { order: 'delay', delays: [0, 2] })]).toEqual([1, -1, 2, -1, 3, 11, -1, 12, -1, 13]);
    expect([...flattenTokens(two, { order: 'delay', delays: [1, 1] })]).toEqual([-1, -1, 1, 11, 2, 12, 3, 13]);
    expect(() => flattenTokens(two, { offset: [0] })).toThrow('expected 2 offsets, got 1');
    expect(() => flattenTokens(two, { order: 'delay', delays: [0] })).toThrow(TokensError);
    expect(() => flattenTokens(two, { order: 'delay', delays: [0, -1] })).toThrow(TokensError);
    expect(() => unflattenTokens(Int32Array.of(101, 102, 103, 111, 112, 113), two, { offset: [100, 200] })).toThrow(
      'ids[3]: expected 200..299 or -1 for level 1, got 111',
    );
  });

  it('is undone by unflattenTokens', () => {
    const ids = fc.integer({ min: -1, max: 99 });
    const cases = fc.tuple(
      fc.integer({ min: 0, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom('level', 'time', 'delay'),
    );
    fc.assert(
      fc.property(
        cases.chain(([steps, count, order]) =>
          fc.tuple(
            fc.constant({ steps, order }),
            fc.array(fc.array(ids, { minLength: 2 * steps, maxLength: 2 * steps }), {
              minLength: count,
              maxLength: count,
            }),
          ),
        ),
        fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 }),
        fc.array(fc.nat(5), { minLength: 4, maxLength: 4 }),
        ([{ steps, order }, lists], offsets, delays) => {
          const tokens = new Tokens({
            ...levels([[1]], [1]),
            levels: lists.map((list) => ({
              kind: 'index',
              vocabularySize: 100,
              shape: [steps, 2],
              axes: ['time', 'group'],
              data: Int32Array.from(list),
            })),
          });
          const [offset, late] = [offsets.slice(0, lists.length), delays.slice(0, lists.length)];
          const options = { order: order as 'level', offset, delays: late };
          expect(unflattenTokens(flattenTokens(tokens, options), tokens, options)).toEqual(tokens);
        },
      ),
    );
  });

  it('refuses levels without common steps, and levels that are no ids', () => {
    expect(() => flattenTokens(rates, { order: 'delay' })).toThrow(TokensError);
    expect(() =>
      flattenTokens(
        levels(
          [
            [1, 2],
            [1, 2, 3],
          ],
          [2, 3],
        ),
        { order: 'time' },
      ),
    ).toThrow(TokensError);
    const bits = new Tokens({
      ...two,
      levels: [{ kind: 'bits', bitsPerToken: 1, shape: [1], axes: ['token'], data: Uint8Array.of(1) }],
    });
    expect(() => flattenTokens(bits)).toThrow(UnsupportedError);
    expect(() => flattenTokens(two, { offset: 2 ** 31 - 50 })).toThrow(TokensError);
  });
});

describe('unflattenTokens', () => {
  it('names an id of another part of the vocabulary', () => {
    expect(() => unflattenTokens(Int32Array.of(50, 9), indexTokens([0, 0]), { offset: 50 })).toThrow(
      'unflattenTokens: ids[1]: expected 50..65 or -1 for level 0, got 9.',
    );
    expect(() => unflattenTokens(Int32Array.of(49), indexTokens([0]), { offset: 50 })).toThrow(TokensError);
  });

  it('refuses another number of ids', () => {
    expect(() => unflattenTokens(Int32Array.of(1), two)).toThrow('expected 6 ids, got 1');
  });
});
