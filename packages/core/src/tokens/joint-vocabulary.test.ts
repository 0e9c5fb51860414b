import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexTokens, sampleSource, sampleTokenizer } from '../../test/arbitrary-tokens';
import { InputError, TokensError, UnsupportedError } from '../errors/index';
import { sequenceVocabulary } from './joint-vocabulary';
import { Tokens } from './tokens';

const sound = { ...sampleTokenizer, id: 'audio/sample', fingerprint: 'f'.repeat(16) };

function audio(lists: readonly (readonly number[])[], tokenizer = sound): Tokens {
  return new Tokens({
    tokenizer,
    source: sampleSource,
    prefixUnit: 'level',
    levels: lists.map((list) => ({
      kind: 'index',
      vocabularySize: 100,
      shape: [list.length],
      axes: ['time'],
      data: Int32Array.from(list),
    })),
  });
}

const vocabulary = sequenceVocabulary({
  special: ['<pad>', '<image>', '<sound>'],
  parts: {
    text: 1000,
    image: { vocabularySizes: [16], tokenizer: sampleTokenizer },
    sound: { vocabularySizes: [100, 100, 100], order: 'delay', tokenizer: sound },
    shared: { vocabularySizes: [100, 100], shared: true, order: 'time' },
  },
  absent: '<pad>',
});

describe('sequenceVocabulary', () => {
  it('lays parts behind each other', () => {
    expect(vocabulary.size).toBe(3 + 1000 + 16 + 300 + 100);
    expect(vocabulary.offsets).toEqual({
      text: [3],
      image: [1003],
      sound: [1019, 1119, 1219],
      shared: [1319, 1319],
    });
    expect(vocabulary.special('<sound>')).toBe(2);
    expect(vocabulary.locate(1)).toEqual({ special: '<image>' });
    expect(vocabulary.locate(1218)).toEqual({ part: 'sound', level: 1, id: 99 });
    expect(vocabulary.locate(1320)).toEqual({ part: 'shared', level: 0, id: 1 });
  });

  it('puts several modalities into one sequence', () => {
    const ids = vocabulary.flatten([
      { part: 'text', ids: Int32Array.of(7, 8) },
      { special: '<image>' },
      { part: 'image', tokens: indexTokens([15, 0]) },
      { special: '<sound>' },
      {
        part: 'sound',
        tokens: audio([
          [1, 2],
          [3, 4],
        ]),
      },
      {
        part: 'shared',
        tokens: audio([
          [1, 2],
          [3, 4],
        ]),
      },
    ]);
    expect([...ids]).toEqual([10, 11, 1, 1018, 1003, 2, 1020, 0, 1021, 1122, 0, 1123, 1320, 1322, 1321, 1323]);
    expect(vocabulary.runs(ids)).toEqual([
      { kind: { part: 'text' }, from: 0, to: 2 },
      { kind: { special: '<image>' }, from: 2, to: 3 },
      { kind: { part: 'image' }, from: 3, to: 5 },
      { kind: { special: '<sound>' }, from: 5, to: 6 },
      { kind: { part: 'sound' }, from: 6, to: 12 },
      { kind: { part: 'shared' }, from: 12, to: 16 },
    ]);
  });

  it('reads back what it wrote, in every order', () => {
    const cell = (size: number) => fc.integer({ min: -1, max: size - 1 });
    const stacked = (count: number) =>
      fc
        .tuple(fc.integer({ min: 1, max: count }), fc.integer({ min: 0, max: 6 }))
        .chain(([levels, steps]) =>
          fc.array(fc.array(cell(100), { minLength: steps, maxLength: steps }), {
            minLength: levels,
            maxLength: levels,
          }),
        )
        .map((lists) => audio(lists));
    const piece = fc.oneof(
      fc.constantFrom({ special: '<pad>' as const }, { special: '<image>' as const }),
      fc.array(cell(1000)).map((ids) => ({ part: 'text' as const, ids: Int32Array.from(ids) })),
      fc.array(cell(16)).map((ids) => ({ part: 'image' as const, tokens: indexTokens(ids) })),
      stacked(3).map((tokens) => ({ part: 'sound' as const, tokens })),
      stacked(2).map((tokens) => ({ part: 'shared' as const, tokens })),
    );
    const emptied = (tokens: Tokens) =>
      new Tokens({
        ...tokens,
        levels: tokens.levels.map((level) => ({ ...level, data: new Int32Array(level.data.length) }) as typeof level),
      });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 5 }), (pieces) => {
        const ids = vocabulary.flatten(pieces);
        const plan = pieces.map((own) =>
          'special' in own
            ? own
            : 'ids' in own
              ? { part: own.part, length: own.ids.length }
              : { part: own.part, like: emptied(own.tokens) },
        );
        expect(vocabulary.unflatten(ids, plan)).toEqual(pieces);
        expect(ids.every((id) => id >= 0 && id < vocabulary.size)).toBe(true);
        const runs = vocabulary.runs(ids);
        expect(runs.reduce((at, { from, to }) => (from === at && to > from ? to : Number.NaN), 0)).toBe(ids.length);
      }),
      { numRuns: 300 },
    );
  });

  it('names ids that are not of their part', () => {
    const image = { part: 'image', like: indexTokens([0, 0]) } as const;
    expect(() => vocabulary.unflatten(Int32Array.of(1, 1003, 1019), [{ special: '<image>' }, image])).toThrow(
      'plan[1], from ids[1]: unflattenTokens: ids[1]: expected 1003..1018 or -1 for level 0, got 1019',
    );
    expect(() => vocabulary.unflatten(Int32Array.of(2, 1003, 1003), [{ special: '<image>' }, image])).toThrow(
      'plan[0], from ids[0]: expected <image> (1), got 2',
    );
    expect(() => vocabulary.unflatten(Int32Array.of(1003), [image])).toThrow('expected 2 ids, as planned, got 1');
    expect(() => vocabulary.unflatten(Int32Array.of(3, 9999), [{ part: 'text', length: 2 }])).toThrow(
      'ids[1]: expected 0..1418, got 9999',
    );
    expect(() => vocabulary.unflatten(Int32Array.of(-1), [{ part: 'text', length: 1 }])).toThrow(TokensError);
    expect(() => vocabulary.unflatten(Int32Array.of(1003), [{ part: 'text', length: 1 }])).toThrow(TokensError);
    expect(() => vocabulary.locate(vocabulary.size)).toThrow(TokensError);
    expect(() => vocabulary.runs(Int32Array.of(-1))).toThrow(TokensError);
  });

  it('refuses tokens of others', () => {
    const flatten = (tokens: Tokens) => () => vocabulary.flatten([{ part: 'sound', tokens }]);
    expect(flatten(indexTokens([1]))).toThrow('sound: expected tokens of audio/sample, got image/sample');
    expect(flatten(audio([[1]], { ...sound, fingerprint: '0'.repeat(16) }))).toThrow(TokensError);
    expect(flatten(audio([[1], [1], [1], [1]]))).toThrow('expected levels of 100, 100, 100 codes');
    const bits = new Tokens({
      ...audio([[1]]),
      levels: [{ kind: 'bits', bitsPerToken: 2, shape: [1], axes: ['time'], data: Uint8Array.of(1) }],
    });
    expect(flatten(bits)).toThrow(UnsupportedError);
    expect(() => vocabulary.flatten([{ part: 'text', ids: Int32Array.of(1000) }])).toThrow(TokensError);
    expect(() => vocabulary.flatten([{ part: 'sound', ids: Int32Array.of(1) }])).toThrow(InputError);
    expect(() => vocabulary.flatten([{ special: '<eos>' as '<pad>' }])).toThrow(
      'special: expected <pad>, <image>, <sound>',
    );
    expect(() => vocabulary.flatten([{ part: 'video' as 'text', ids: Int32Array.of(1) }])).toThrow(InputError);
  });

  it('refuses places without a token where nothing stands for them', () => {
    const plain = sequenceVocabulary({ special: [], parts: { image: { vocabularySizes: [16] } } });
    expect([...plain.flatten([{ part: 'image', tokens: indexTokens([3]) }])]).toEqual([3]);
    expect(() => plain.flatten([{ part: 'image', tokens: indexTokens([3, -1]) }])).toThrow('pieces[0]: no token at 1');
  });

  it('refuses what cannot be laid out', () => {
    expect(() => sequenceVocabulary({ special: ['a', 'a'], parts: {} })).toThrow(InputError);
    expect(() => sequenceVocabulary({ special: ['a'], parts: {}, absent: 'b' as 'a' })).toThrow(InputError);
    expect(() => sequenceVocabulary({ special: [], parts: { x: 0 } })).toThrow(InputError);
    expect(() => sequenceVocabulary({ special: [], parts: { x: { vocabularySizes: [] } } })).toThrow(InputError);
    const unequal = { vocabularySizes: [4, 8], shared: true };
    expect(() => sequenceVocabulary({ special: [], parts: { x: unequal } })).toThrow(InputError);
    expect(() => sequenceVocabulary({ special: ['a'], parts: { x: 2 ** 31 - 1 } })).toThrow(InputError);
  });
});
