import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexTokens, sampleSource, sampleTokenizer, tokens } from '../../test/arbitrary-tokens';
import { InputError } from '../errors/input-error';
import { TokensError } from '../errors/tokens-error';
import type { SourceFacts } from '../signal/source-facts';
import { type TokenLevel, Tokens, type TokensInit } from './tokens';

const base: TokensInit = indexTokens([1, 2, 3]);
const level = base.levels[0]!;

function time(ids: readonly number[][], source: SourceFacts, margins = false): Tokens {
  return new Tokens({
    tokenizer: sampleTokenizer,
    source,
    prefixUnit: 'level',
    levels: ids.map((list): TokenLevel => ({
      kind: 'index',
      vocabularySize: 100,
      shape: [list.length],
      axes: ['time'],
      data: Int32Array.from(list),
      ...(margins && { margins: Float32Array.from(list, (id) => id / 10) }),
    })),
  });
}

const audio = (samples: number): SourceFacts => ({ modality: 'audio', pipeline: 'a', sampleRate: 100, samples });

describe('Tokens', () => {
  it('count tokens and bits over all levels', () => {
    const item = new Tokens({
      ...base,
      levels: [
        { ...level, vocabularySize: 4096 } as TokenLevel,
        { kind: 'index', vocabularySize: 4096, shape: [2], axes: ['token'], data: Int32Array.of(-1, 4095) },
        { kind: 'bits', bitsPerToken: 18, shape: [2], axes: ['token'], data: new Uint8Array(6) },
        { kind: 'float', storage: 'float16', shape: [1, 4], axes: ['token', 'feature'], data: new Float32Array(4) },
        { kind: 'index', vocabularySize: 1, shape: [5], axes: ['token'], data: new Int32Array(5) },
      ],
    });
    expect(item.length).toBe(3 + 2 + 2 + 4 + 5);
    expect(item.payloadBits).toBe(3 * 12 + 2 * 13 + 2 * 18 + 4 * 16);
  });

  it('survive structured cloning, JSON and another installation', () => {
    fc.assert(
      fc.property(tokens, (item) => {
        expect(new Tokens(structuredClone(item) as TokensInit)).toEqual(item);
        expect(Tokens.fromJSON(item.toJSON())).toEqual(item);
      }),
    );
    expect(JSON.parse(JSON.stringify(base))).toEqual((base as Tokens).toJSON());
    expect(Tokens.isInstance(base)).toBe(true);
    expect(Tokens.isInstance({ ...base, [Symbol.for('tesserae.tokens')]: true })).toBe(true);
    expect(Tokens.isInstance(structuredClone(base))).toBe(false);
  });

  it('drop margins when stored', () => {
    const item = time([[1, 2]], audio(20), true);
    expect(Tokens.fromBytes(item.toBytes()).levels[0]).not.toHaveProperty('margins');
    expect(Tokens.fromJSON(item.toJSON()).levels[0]).not.toHaveProperty('margins');
  });

  it('round float16 levels once, so that memory and file agree', () => {
    const data = Float32Array.of(0.1, -(2 ** -24), 65504);
    const item = new Tokens({
      ...base,
      levels: [{ kind: 'float', storage: 'float16', shape: [3], axes: ['token'], data }],
    });
    expect(item.levels[0]!.data).toEqual(Float32Array.of(0.0999755859375, -(2 ** -24), 65504));
    expect(data[0]).toBe(Math.fround(0.1));
    expect(Tokens.fromBytes(item.toBytes())).toEqual(item);
  });

  it.each<[string, string, unknown]>([
    ['no levels', 'invalid-tokens', { levels: [] }],
    ['an unknown prefix unit', 'invalid-tokens', { prefixUnit: 'word' }],
    ['a bad fingerprint', 'invalid-tokens', { tokenizer: { ...sampleTokenizer, fingerprint: 'ABC' } }],
    ['an unknown modality', 'invalid-tokens', { source: { modality: 'smell', pipeline: '' } }],
    ['an inherited name as modality', 'invalid-tokens', { source: { modality: 'constructor', pipeline: '' } }],
    ['a negative width', 'invalid-tokens', { source: { ...sampleSource, width: -1 } }],
    ['NaN in extra', 'invalid-tokens', { source: { ...sampleSource, extra: [Number.NaN] } }],
    ['an id above the vocabulary', 'out-of-range', { levels: [{ ...level, data: Int32Array.of(0, 16, 0) }] }],
    ['an id below -1', 'out-of-range', { levels: [{ ...level, data: Int32Array.of(0, -2, 0) }] }],
    ['a shape of another length', 'invalid-tokens', { levels: [{ ...level, shape: [4] }] }],
    ['axes that do not fit the shape', 'invalid-tokens', { levels: [{ ...level, axes: ['height', 'width'] }] }],
    ['an unknown axis', 'invalid-tokens', { levels: [{ ...level, axes: ['depth'] }] }],
    ['a plain list of ids', 'invalid-tokens', { levels: [{ ...level, data: [1, 2, 3] }] }],
    ['a vocabulary of 2^31', 'invalid-tokens', { levels: [{ ...level, vocabularySize: 2 ** 31 }] }],
    ['a vocabulary of 0', 'invalid-tokens', { levels: [{ ...level, vocabularySize: 0 }] }],
    ['margins of another length', 'invalid-tokens', { levels: [{ ...level, margins: new Float32Array(2) }] }],
    [
      'a bit outside the token',
      'invalid-tokens',
      { levels: [{ kind: 'bits', bitsPerToken: 9, shape: [1], axes: ['token'], data: Uint8Array.of(0, 2) }] },
    ],
    [
      'infinity',
      'invalid-tokens',
      { levels: [{ kind: 'float', storage: 'float32', shape: [1], axes: ['token'], data: Float32Array.of(Infinity) }] },
    ],
    [
      'a float too large for float16',
      'invalid-tokens',
      { levels: [{ kind: 'float', storage: 'float16', shape: [1], axes: ['token'], data: Float32Array.of(70000) }] },
    ],
  ])('refuse %s', (_name, code, change) => {
    expect(() => new Tokens({ ...base, ...(change as object) })).toThrow(
      expect.objectContaining({ name: 'TokensError', code }),
    );
  });

  it('name level, place, expected and actual value in errors', () => {
    expect(() => new Tokens({ ...base, levels: [{ ...level, data: Int32Array.of(0, 99, 0) } as TokenLevel] })).toThrow(
      'levels[0].data[1]: expected an id of 0..15 or -1 for none, got 99.',
    );
  });

  it.each([
    null,
    5,
    [],
    { levels: 'x' },
    { ...((base as Tokens).toJSON() as object), levels: [{ kind: 'index', data: [1.5] }] },
  ])('refuse other JSON: %j', (json) => {
    expect(() => Tokens.fromJSON(json as never)).toThrow(TokensError);
  });
});

describe('Tokens.prefix', () => {
  it('keeps tokens or levels', () => {
    expect(indexTokens([5, 6, 7]).prefix(2).levels[0]).toMatchObject({ shape: [2], data: Int32Array.of(5, 6) });
    const scales = time([[1], [2, 3]], audio(20));
    expect(scales.prefix(1).levels).toEqual(scales.levels.slice(0, 1));
  });

  it('cuts an inner axis row by row', () => {
    const grid = new Tokens({
      ...base,
      levels: [
        {
          kind: 'bits',
          bitsPerToken: 12,
          shape: [2, 3],
          axes: ['group', 'token'],
          data: Uint8Array.from(Array(12).keys()),
        },
      ],
    });
    expect(grid.prefix(2).levels[0]!.data).toEqual(Uint8Array.of(0, 1, 2, 3, 6, 7, 8, 9));
  });

  it.each([0, 4, 1.5, Number.NaN])('refuses a count of %d for 3 tokens', (count) => {
    expect(() => indexTokens([1, 2, 3]).prefix(count)).toThrow(expect.objectContaining({ code: 'prefix' }));
  });

  it('refuses tokens without prefixes', () => {
    expect(() => new Tokens({ ...base, prefixUnit: 'none' }).prefix(1)).toThrow(
      expect.objectContaining({ code: 'prefix' }),
    );
  });
});

describe('Tokens.sliceSeconds', () => {
  const rates = time(
    [
      [1, 2, 3, 4],
      [10, 11, 20, 21, 30, 31, 40, 41],
    ],
    audio(400),
    true,
  );

  it('cuts every rate at the same boundary', () => {
    const part = rates.sliceSeconds(1, 3);
    expect(part.levels.map(({ data }) => [...data])).toEqual([
      [2, 3],
      [20, 21, 30, 31],
    ]);
    expect(part.levels[0]!.margins).toEqual(Float32Array.of(0.2, 0.3));
    expect(part.source).toEqual(audio(200));
  });

  it('gives neighbours that join to the whole', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 4, noNaN: true }), fc.integer({ min: 1, max: 450 }), (at, samples) => {
        const whole = time(
          [
            [1, 2, 3, 4],
            [10, 11, 20, 21, 30, 31, 40, 41],
          ],
          audio(samples),
        );
        const cut = (at / 4) * (samples / 100);
        expect(Tokens.join([whole.sliceSeconds(0, cut), whole.sliceSeconds(cut, samples / 100)])).toEqual(whole);
      }),
    );
  });

  it('moves the padding of video to the outer parts', () => {
    const source = {
      modality: 'video',
      pipeline: 'v',
      width: 4,
      height: 4,
      frames: 8,
      framesPerSecond: 2,
      padFront: 1,
      padBack: 3,
    } as const;
    const clip = time([[1, 2, 3, 4]], source);
    const parts = [clip.sliceSeconds(0, 1), clip.sliceSeconds(1, 4)];
    expect(parts.map((part) => part.source)).toMatchObject([
      { frames: 2, padFront: 1, padBack: 0 },
      { frames: 6, padFront: 0, padBack: 3 },
    ]);
    expect(Tokens.join(parts)).toEqual(clip);
  });

  it('refuses times outside, pictures, and windows with a scale each', () => {
    expect(() => rates.sliceSeconds(0, 5)).toThrow(InputError);
    expect(() => rates.sliceSeconds(2, 1)).toThrow(InputError);
    expect(() => indexTokens([1]).sliceSeconds(0, 1)).toThrow(TokensError);
    const scaled = time([[1, 2]], { ...audio(20), scales: [1, 2] } as SourceFacts);
    expect(() => scaled.sliceSeconds(0, 0.1)).toThrow(TokensError);
    expect(scaled.sliceSeconds(0, 0.2)).toEqual(scaled);
  });
});

describe('Tokens.join', () => {
  it('joins the time axis wherever it is', () => {
    const part = (ids: number[]): Tokens =>
      new Tokens({
        tokenizer: sampleTokenizer,
        source: audio(10),
        prefixUnit: 'none',
        levels: [
          {
            kind: 'index',
            vocabularySize: 9,
            shape: [2, ids.length / 2],
            axes: ['group', 'time'],
            data: Int32Array.from(ids),
          },
          { kind: 'index', vocabularySize: 9, shape: [2], axes: ['token'], data: Int32Array.of(7, 8) },
        ],
      });
    const whole = Tokens.join([part([1, 2]), part([3, 4, 5, 6])]);
    expect(whole.levels[0]).toMatchObject({ shape: [2, 3], data: Int32Array.of(1, 3, 4, 2, 5, 6) });
    expect([...whole.levels[1]!.data]).toEqual([7, 8]);
    expect(whole.source).toEqual(audio(20));
  });

  it('joins scales, and the tokens of text', () => {
    const chunk = (scale: number): Tokens => time([[1]], { ...audio(10), scales: [scale] } as SourceFacts);
    expect(Tokens.join([chunk(1), chunk(2)]).source).toEqual({ ...audio(20), scales: [1, 2] });
    const text = indexTokens([1, 2], 16, { modality: 'text', pipeline: 't', characters: 3 });
    expect(Tokens.join([text, text])).toMatchObject({ length: 4, source: { characters: 6 } });
  });

  it.each<[string, () => readonly Tokens[], string]>([
    ['nothing', () => [], 'invalid-tokens'],
    ['pictures', () => [indexTokens([1]), indexTokens([1])], 'invalid-tokens'],
    [
      'other rates',
      () => [time([[1]], audio(1)), time([[1]], { ...audio(1), sampleRate: 8000 } as SourceFacts)],
      'invalid-tokens',
    ],
    ['other numbers of levels', () => [time([[1]], audio(1)), time([[1], [2]], audio(1))], 'invalid-tokens'],
    [
      'other weights',
      () => [
        time([[1]], audio(1)),
        new Tokens({ ...time([[1]], audio(1)), tokenizer: { ...sampleTokenizer, fingerprint: '0'.repeat(16) } }),
      ],
      'tokenizer-mismatch',
    ],
  ])('refuses %s', (_name, chunks, code) => {
    expect(() => Tokens.join(chunks())).toThrow(expect.objectContaining({ code }));
  });
});
