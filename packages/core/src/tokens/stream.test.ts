import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexTokens, sampleTokenizer, tokens } from '../../test/arbitrary-tokens';
import { TokensError } from '../errors/tokens-error';
import { concatBytes } from './binary';
import { readTokensFile, writeTokensFile } from './container';
import { readTokensHeader, readTokensStream } from './read-stream';
import { Tokens } from './tokens';
import { writeTokensStream } from './write-stream';

/** Tokens of a part of a sound. */
function part(ids: readonly number[], samples = 4 * ids.length, scales?: readonly number[]): Tokens {
  return new Tokens({
    tokenizer: { ...sampleTokenizer, id: 'audio/sample' },
    prefixUnit: 'level',
    levels: [0, 1].map(() => ({
      kind: 'index',
      vocabularySize: 1024,
      shape: [ids.length],
      axes: ['time'],
      data: Int32Array.from(ids),
    })),
    source: { modality: 'audio', pipeline: 'none', sampleRate: 8000, samples, ...(scales && { scales }) },
  });
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const written = async (items: readonly Tokens[], meta?: string): Promise<Uint8Array> =>
  concatBytes(await collect(writeTokensStream(items, meta === undefined ? {} : { meta })));

function* pieces(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const length = lengths[index % lengths.length]!;
    yield bytes.subarray(at, at + length);
    at += length;
  }
}

const parts = [part([1, 2, 3]), part([1023]), part([]), part([5, 5, 5, 5, 5], 17)];

describe('writeTokensStream', () => {
  it('writes a file that every reader takes, also of one item', async () => {
    for (const items of [parts, parts.slice(0, 1)]) {
      const bytes = await written(items, 'of a stream');
      expect(readTokensFile(bytes)).toEqual(items);
      expect(await collect(readTokensStream([bytes]))).toEqual(items);
    }
  });

  it('keeps source fields that change from item to item', async () => {
    const items = [part([1], 4, [0.5]), part([2], 4, [0.5]), part([3], 3, [0.25, 0.75])];
    expect(readTokensFile(await written(items))).toEqual(items);
  });

  it('writes the header with the first item and a chunk with each', async () => {
    const waiting: string[] = [];
    async function* source() {
      for (const [index, item] of parts.entries()) {
        waiting.push(`item ${index}`);
        yield item;
      }
    }
    for await (const bytes of writeTokensStream(source())) waiting.push(bytes.length > 100 ? 'start' : 'chunk');
    expect(waiting.slice(0, 5)).toEqual(['item 0', 'start', 'chunk', 'item 1', 'chunk']);
  });

  it('refuses items that do not fit the first, and none', async () => {
    const other = new Tokens({ ...part([1]), tokenizer: { ...sampleTokenizer, fingerprint: 'f'.repeat(16) } });
    const absent = new Tokens({
      ...part([1]),
      levels: part([1]).levels.map((level) => ({ ...level, data: Int32Array.of(-1) })) as never,
    });
    await expect(written([part([1]), other])).rejects.toMatchObject({ code: 'tokenizer-mismatch' });
    await expect(written([part([1]), absent])).rejects.toThrow(/items\[1\]\.levels\[0\]/);
    await expect(written([part([1], 4, [1]), part([2])])).rejects.toThrow(/items\[1\]\.source: expected scales/);
    await expect(written([])).rejects.toMatchObject({ name: 'InputError' });
    const grids = [indexTokens([1, 2]), indexTokens([3])];
    expect(readTokensFile(await written(grids))).toEqual(grids);
  });
});

describe('readTokensStream', () => {
  it('gives the items of any file, in pieces of any length', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(tokens, fc.integer({ min: 1, max: 4 }), lengths, async (item, count, sizes) => {
        const items = new Array<Tokens>(count).fill(item);
        const files = [
          writeTokensFile(items, { itemsPerChunk: 2 }),
          writeTokensFile(items, { checksum: false, entropy: 'rans' }),
        ];
        for (const bytes of files)
          expect(await collect(readTokensStream(pieces(bytes, sizes)))).toEqual(readTokensFile(bytes));
      }),
      { numRuns: 150 },
    );
  });

  it('gives every item before more bytes are asked for', async () => {
    const bytes = await written(parts);
    let taken = 0;
    function* counted() {
      for (const piece of pieces(bytes, [8])) {
        taken += piece.length;
        yield piece;
      }
    }
    const places: number[] = [];
    for await (const _ of readTokensStream(counted())) places.push(taken);
    expect(places).toHaveLength(parts.length);
    expect(places[0]).toBeLessThan(places.at(-1)!);
    expect(places.at(-1)).toBeLessThan(bytes.length - 60);
  });

  it('gives what is whole in front of a cut or a change, and then an error', async () => {
    const bytes = await written(parts);
    const outcome = async (file: Uint8Array) => {
      const found: Tokens[] = [];
      try {
        for await (const item of readTokensStream(pieces(file, [7]))) found.push(item);
        return { found, code: 'none' };
      } catch (error) {
        return { found, code: error instanceof TokensError ? error.code : String(error) };
      }
    };
    for (let length = 0; length < bytes.length; length += 1) {
      const { found, code } = await outcome(bytes.subarray(0, length));
      expect(code).toBe('malformed');
      expect(found).toEqual(parts.slice(0, found.length));
    }
    for (let bit = 0; bit < 8 * bytes.length; bit += 3) {
      const changed = bytes.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      const { found, code } = await outcome(changed);
      expect(['malformed', 'unsupported-version']).toContain(code);
      expect(found).toEqual(parts.slice(0, found.length));
    }
    expect((await outcome(concatBytes([bytes, Uint8Array.of(0)]))).code).toBe('malformed');
    expect((await outcome(concatBytes([parts[0]!.toBytes(), Uint8Array.of(0)]))).code).toBe('malformed');
  });

  it('reads the header alone', async () => {
    const bytes = await written(parts, 'of a stream');
    let taken = 0;
    function* counted() {
      for (const piece of pieces(bytes, [16])) {
        taken += piece.length;
        yield piece;
      }
    }
    expect(await readTokensHeader(counted())).toMatchObject({
      tokenizer: parts[0]!.tokenizer,
      prefixUnit: 'level',
      source: { modality: 'audio', sampleRate: 8000 },
      meta: 'of a stream',
    });
    expect(taken).toBeLessThan(bytes.length - 100);
    await expect(readTokensHeader([Uint8Array.of(1, 2, 3)])).rejects.toMatchObject({ code: 'malformed' });
  });

  it('tells other bytes by the first of them, and closes what it reads', async () => {
    let closed = false;
    async function* endless() {
      try {
        for (;;) yield new Uint8Array(1000).fill(0xff);
      } finally {
        closed = true;
      }
    }
    await expect(collect(readTokensStream(endless()))).rejects.toThrow('does not start with TOK1');
    expect(closed).toBe(true);
  });
});
