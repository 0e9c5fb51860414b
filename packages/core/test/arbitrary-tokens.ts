import * as fc from 'fast-check';
import type { SourceFacts } from '../src/signal/source-facts';
import { type TokenAxis, type TokenLevel, Tokens } from '../src/tokens/tokens';

/** Tokenizer of made-up tokens. */
export const sampleTokenizer = {
  id: 'image/sample',
  variant: 'sample-s',
  library: '@tesserae/image@0.0.0',
  fingerprint: '0123456789abcdef',
};

export const sampleSource: SourceFacts = { modality: 'image', pipeline: 'none', width: 16, height: 9 };

const axisNames: readonly TokenAxis[] = ['time', 'height', 'width', 'group'];

const shapes = fc
  .array(fc.integer({ min: 0, max: 6 }), { minLength: 0, maxLength: 4 })
  .map((shape) => ({ shape, axes: axisNames.slice(0, shape.length), count: shape.reduce((a, b) => a * b, 1) }));

const vocabularySizes = fc.oneof(
  fc.constantFrom(1, 2, 3, 5, 16, 17, 255, 256, 257, 4096, 65536, 2 ** 22, 2 ** 31 - 2, 2 ** 31 - 1),
  fc.integer({ min: 1, max: 2 ** 31 - 1 }),
);

const indexLevels = fc
  .tuple(shapes, vocabularySizes, fc.boolean())
  .chain(([{ shape, axes, count }, vocabularySize, absent]) =>
    fc
      .array(fc.integer({ min: absent ? -1 : 0, max: vocabularySize - 1 }), { minLength: count, maxLength: count })
      .map((ids): TokenLevel => ({ kind: 'index', vocabularySize, shape, axes, data: Int32Array.from(ids) })),
  );

const bitLevels = fc.tuple(shapes, fc.integer({ min: 1, max: 70 })).chain(([{ shape, axes, count }, bitsPerToken]) => {
  const bytes = Math.ceil(bitsPerToken / 8);
  const lastMask = 0xff >> (8 * bytes - bitsPerToken);
  return fc.uint8Array({ minLength: count * bytes, maxLength: count * bytes }).map((data): TokenLevel => ({
    kind: 'bits',
    bitsPerToken,
    shape,
    axes,
    data: data.map((byte, index) => (index % bytes === bytes - 1 ? byte & lastMask : byte)),
  }));
});

const floatLevels = fc
  .tuple(shapes, fc.constantFrom('float32' as const, 'float16' as const))
  .chain(([{ shape, axes, count }, storage]) =>
    fc
      .float32Array({
        minLength: count,
        maxLength: count,
        noNaN: true,
        noDefaultInfinity: true,
        ...(storage === 'float16' && { min: -65504, max: 65504 }),
      })
      .map((data): TokenLevel => ({ kind: 'float', storage, shape, axes, data })),
  );

/** Levels of every kind, vocabularies of 1..2^31 - 1, empty shapes and places without a token. */
export const levels: fc.Arbitrary<TokenLevel> = fc.oneof(indexLevels, bitLevels, floatLevels);

export const tokens: fc.Arbitrary<Tokens> = fc
  .tuple(
    fc.array(levels, { minLength: 1, maxLength: 4 }),
    fc.constantFrom('none' as const, 'token' as const, 'level' as const),
  )
  .map(
    ([list, prefixUnit]) => new Tokens({ tokenizer: sampleTokenizer, levels: list, source: sampleSource, prefixUnit }),
  );

/** Tokens of one index level of the shape `[ids.length]`. */
export function indexTokens(ids: readonly number[], vocabularySize = 16, source: SourceFacts = sampleSource): Tokens {
  return new Tokens({
    tokenizer: sampleTokenizer,
    source,
    prefixUnit: 'token',
    levels: [{ kind: 'index', vocabularySize, shape: [ids.length], axes: ['token'], data: Int32Array.from(ids) }],
  });
}
