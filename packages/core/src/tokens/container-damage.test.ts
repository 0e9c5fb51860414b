import { describe, expect, it } from 'vitest';
import { indexTokens, sampleSource, sampleTokenizer } from '../../test/arbitrary-tokens';
import { crc32 } from '../checkpoint/crc32';
import { TokensError } from '../errors/tokens-error';
import { mulberry32 } from '../random/mulberry32';
import { u32Bytes } from './binary';
import { readTokensFile, writeTokensFile } from './container';
import { Tokens } from './tokens';

const skewed = Array.from({ length: 300 }, (_, index) => (index % 7 === 3 ? index % 16 : 0));
const mixed = new Tokens({
  tokenizer: sampleTokenizer,
  source: sampleSource,
  prefixUnit: 'level',
  levels: [
    {
      kind: 'index',
      vocabularySize: 1000,
      shape: [2, 2],
      axes: ['height', 'width'],
      data: Int32Array.of(0, 999, -1, 5),
    },
    { kind: 'bits', bitsPerToken: 13, shape: [3], axes: ['token'], data: Uint8Array.of(255, 31, 1, 2, 3, 4) },
    { kind: 'float', storage: 'float16', shape: [2], axes: ['feature'], data: Float32Array.of(0.5, -2) },
    { kind: 'index', vocabularySize: 1, shape: [4], axes: ['token'], data: new Int32Array(4) },
  ],
});
const variable = [3, 0, 7].map((count) => indexTokens(skewed.slice(0, count)));

const files: Readonly<Record<string, { readonly bytes: Uint8Array; readonly items: readonly Tokens[] }>> = {
  mixed: { bytes: mixed.toBytes(), items: [mixed] },
  rans: { bytes: indexTokens(skewed).toBytes({ entropy: 'rans' }), items: [indexTokens(skewed)] },
  variable: { bytes: writeTokensFile(variable, { itemsPerChunk: 2 }), items: variable },
};

/** The tokens, or the code of the error; anything but a TokensError fails the test. */
function outcome(bytes: Uint8Array, recover = false): readonly Tokens[] | string {
  try {
    return readTokensFile(bytes, { recover });
  } catch (error) {
    if (error instanceof TokensError) {
      return error.code;
    }
    throw error;
  }
}

describe.each(Object.entries(files))('a damaged file: %s', (_name, { bytes, items }) => {
  it('is refused at every truncation', () => {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(typeof outcome(bytes.subarray(0, length))).toBe('string');
      outcome(bytes.subarray(0, length), true);
    }
  });

  it('is refused, or read unchanged, at every flipped bit', () => {
    for (let bit = 0; bit < 8 * bytes.length; bit += 1) {
      const changed = bytes.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const result = outcome(changed);
      expect(typeof result === 'string' ? items : result).toEqual(items);
    }
  });

  it('is refused, or valid, when every checksum of the change is right', () => {
    const random = mulberry32(7);
    const headerEnd = 16 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
    for (let run = 0; run < 4000; run += 1) {
      const changed = bytes.slice();
      for (const at of random.integers(6, bytes.length, 1 + (run % 3))) {
        changed[at] = run % 2 === 0 ? random.integers(0, 256, 1)[0]! : 0x30 + (run % 10);
      }
      changed[6]! &= ~4; // no checksum of chunks
      changed.set(u32Bytes(crc32(changed.subarray(16, headerEnd))), 12);
      outcome(changed);
      outcome(changed, true);
    }
  });
});

describe('hostile files', () => {
  /** A file of one chunk without checksums. */
  function file(header: object, chunk: readonly number[]): Uint8Array {
    const text = JSON.stringify(header);
    const bytes = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8));
    const start = [0x54, 0x4f, 0x4b, 0x31, 1, 0, JSON.stringify(header).includes('frequencies') ? 1 : 0, 0];
    return Uint8Array.of(
      ...start,
      ...u32Bytes(bytes.length),
      ...u32Bytes(crc32(bytes)),
      ...bytes,
      ...u32Bytes(chunk.length),
      ...chunk,
    );
  }
  const header = (level: object, count = 1): object => ({
    tokenizer: sampleTokenizer,
    prefixUnit: 'none',
    source: sampleSource,
    levels: Array.from({ length: count }, () => level),
  });
  const huge = [0xff, 0xff, 0xff, 0xff, 0x07];

  it.each([
    ['ids', { kind: 'index', axes: ['token'], shape: [null], vocabularySize: 16 }, huge],
    ['ids that take no bytes', { kind: 'index', axes: ['token'], shape: [null], vocabularySize: 1 }, huge],
    ['bits', { kind: 'bits', axes: ['token'], shape: [null], bitsPerToken: 65535 }, huge],
    ['floats', { kind: 'float', axes: ['token'], shape: [null], storage: 'float32' }, huge],
    ['digits', { kind: 'index', axes: ['token'], shape: [null], vocabularySize: 3, packing: 'radix' }, huge],
    ['coded ids', { kind: 'index', axes: ['token'], shape: [null], vocabularySize: 2, frequencies: [4000, 96] }, huge],
    [
      'a product of lengths',
      { kind: 'index', axes: ['time', 'height'], shape: [null, null], vocabularySize: 1 },
      [...huge, ...huge],
    ],
  ])('do not make the reader allocate: %s', (_name, level, lengths) => {
    expect(outcome(file(header(level), [1, ...lengths, 0, 1, 2, 3, 4]))).toBe('malformed');
  });

  it('do not make the reader build millions of empty levels', () => {
    const empty = { kind: 'index', axes: ['token'], shape: [0], vocabularySize: 16 };
    const items = 2000;
    const chunk = [0xd0, 0x0f, ...new Uint8Array(items)];
    expect(outcome(file(header(empty, 5000), chunk))).toBe('malformed');
  });

  it.each([
    ['no object', [1]],
    ['deep JSON', { ...header({ kind: 'index' }), meta: JSON.parse('['.repeat(5000) + ']'.repeat(5000)) as object }],
    ['no levels', { ...header({}), levels: [] }],
    ['a bad identity', { ...header({ kind: 'index', axes: [], shape: [], vocabularySize: 2 }), tokenizer: {} }],
  ])('are refused by code: %s', (_name, value) => {
    expect(typeof outcome(file({ levels: [{}], ...value }, [1, 0, 0]))).toBe('string');
  });
});
