import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexTokens, levels, sampleSource, sampleTokenizer, tokens } from '../../test/arbitrary-tokens';
import { InputError } from '../errors/input-error';
import { TokensError } from '../errors/tokens-error';
import { openTokensFile, readTokensFile, type TokensFileOptions, writeTokensFile } from './container';
import { Tokens } from './tokens';

const options: fc.Arbitrary<TokensFileOptions> = fc.record({
  entropy: fc.constantFrom('none', 'rans'),
  packing: fc.constantFrom('bits', 'radix'),
  checksum: fc.boolean(),
  itemsPerChunk: fc.integer({ min: 1, max: 5 }),
});

/** Ids of a skewed distribution, so that entropy coding wins. */
function skewed(count: number, vocabularySize = 16): number[] {
  return Array.from({ length: count }, (_, index) => (index % 7 === 3 ? index % vocabularySize : 0));
}

describe('tokens files', () => {
  it('give back every kind of level', () => {
    fc.assert(
      fc.property(tokens, options, (item, settings) => {
        expect(readTokensFile(writeTokensFile([item], settings))).toEqual([item]);
      }),
      { numRuns: 300 },
    );
  });

  it('give back many items of different shapes and sources', () => {
    const items = fc.array(
      fc.tuple(fc.array(fc.integer({ min: -1, max: 8 }), { maxLength: 20 }), fc.integer({ min: 1, max: 9 })),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(items, options, (list, settings) => {
        const written = list.map(([ids, width]) =>
          indexTokens(ids, 9, { modality: 'image', pipeline: 'p', width, height: 3 }),
        );
        const file = writeTokensFile(written, settings);
        expect(readTokensFile(file)).toEqual(written);
        const opened = openTokensFile(file);
        expect(opened.length).toBe(written.length);
        for (const [index, item] of written.entries()) {
          expect(opened.at(index)).toEqual(item);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('give back source fields that only some items have', () => {
    const items = [
      indexTokens([1], 9, { modality: 'audio', pipeline: 'a', sampleRate: 16000, samples: 5, scales: [0.5] }),
      indexTokens([2], 9, {
        modality: 'audio',
        pipeline: 'a',
        sampleRate: 16000,
        samples: 6,
        extra: { speaker: [1, null] },
      }),
    ];
    expect(readTokensFile(writeTokensFile(items))).toEqual(items);
  });

  it('keep meta', () => {
    const file = writeTokensFile([indexTokens([1])], { meta: { name: 'x' } });
    expect(openTokensFile(file).meta).toEqual({ name: 'x' });
  });

  it('get smaller by entropy coding, and never larger', () => {
    const items = Array.from({ length: 40 }, () => indexTokens(skewed(200)));
    const [plain, coded] = (['none', 'rans'] as const).map((entropy) => writeTokensFile(items, { entropy }));
    expect(coded!.length).toBeLessThan(0.6 * plain!.length);
    expect(readTokensFile(coded!)).toEqual(items);
    const few = indexTokens([1, 2, 3], 4096);
    expect(few.toBytes({ entropy: 'rans' })).toEqual(few.toBytes());
  });

  it('use a table per place where places differ', () => {
    const items = Array.from({ length: 2000 }, () => indexTokens([...Array(64).keys()], 64));
    const file = writeTokensFile(items, { entropy: 'rans', itemsPerChunk: 2000 });
    expect(new TextDecoder().decode(file.subarray(16, 4000))).toContain('"contexts":"position"');
    expect(readTokensFile(file)).toEqual(items);
  });

  it('pack base 3 at 1.6 bits a digit', () => {
    const digits = Array.from({ length: 400 }, (_, index) => index % 3);
    const [bits, radix] = (['bits', 'radix'] as const).map((packing) =>
      writeTokensFile([indexTokens(digits, 3)], { packing }),
    );
    // 100 bytes become 80; the header names the packing.
    expect(bits!.length - radix!.length).toBeGreaterThan(20 - '"packing":"radix",'.length - 8);
    expect(readTokensFile(radix!)[0]!.levels[0]!.data).toEqual(Int32Array.from(digits));
  });

  it('recover the whole chunks of a file that is cut off', () => {
    const items = Array.from({ length: 10 }, (_, index) => indexTokens([index, 1, 2]));
    const file = writeTokensFile(items, { itemsPerChunk: 1 });
    const cut = file.subarray(0, file.length - 24 - 16 * 10 - 30);
    expect(() => readTokensFile(cut)).toThrow(TokensError);
    const recovered = readTokensFile(cut, { recover: true });
    expect(recovered.length).toBeGreaterThan(5);
    expect(recovered).toEqual(items.slice(0, recovered.length));
    expect(readTokensFile(file, { recover: true })).toEqual(items);
  });

  it('refuse other versions and unknown flags by code', () => {
    const file = indexTokens([1, 2]).toBytes();
    for (const [at, value] of [
      [4, 2],
      [6, 12],
      [7, 1],
    ] as const) {
      const changed = file.slice();
      changed[at] = value;
      expect(() => Tokens.fromBytes(changed)).toThrow(expect.objectContaining({ code: 'unsupported-version' }));
    }
  });

  it('refuse items that do not fit together', () => {
    const item = indexTokens([1]);
    const other = new Tokens({ ...item, tokenizer: { ...sampleTokenizer, fingerprint: 'f'.repeat(16) } });
    expect(() => writeTokensFile([item, other])).toThrow(expect.objectContaining({ code: 'tokenizer-mismatch' }));
    expect(() => writeTokensFile([item, indexTokens([1], 17)])).toThrow(/items\[1\]\.levels\[0\].*16.*17/);
    expect(() => writeTokensFile([])).toThrow(InputError);
    expect(() => openTokensFile(item.toBytes()).at(1)).toThrow(InputError);
    expect(() => Tokens.fromBytes(writeTokensFile([item, item]))).toThrow(/one item, got 2/);
  });

  it('refuse to write more tokens without bytes than reading accepts', () => {
    const many = indexTokens(
      Array.from({ length: 2 ** 20 + 100 }, () => 0),
      1,
    );
    expect(() => many.toBytes()).toThrow(TokensError);
  });
});

describe('payloads', () => {
  it('are the ids alone', () => {
    const item = indexTokens(
      Array.from({ length: 32 }, (_, index) => index * 100),
      4096,
    );
    const payload = item.toBytes({ container: 'payload' });
    expect(payload.length).toBe(48);
    expect(8 * payload.length).toBe(item.payloadBits);
    expect(Tokens.fromBytes(payload, item)).toEqual(item);
  });

  it('give back every kind of level', () => {
    fc.assert(
      fc.property(fc.array(levels, { minLength: 1, maxLength: 3 }), (list) => {
        const item = new Tokens({ tokenizer: sampleTokenizer, source: sampleSource, prefixUnit: 'none', levels: list });
        expect(Tokens.fromBytes(item.toBytes({ container: 'payload' }), item)).toEqual(item);
      }),
    );
  });

  it('refuse other lengths and entropy coding', () => {
    const item = indexTokens([1, 2, 3]);
    const payload = item.toBytes({ container: 'payload' });
    expect(() => Tokens.fromBytes(payload.subarray(1), item)).toThrow(TokensError);
    expect(() => Tokens.fromBytes(Uint8Array.of(...payload, 0), item)).toThrow(TokensError);
    expect(() => item.toBytes({ container: 'payload', entropy: 'rans' })).toThrow(InputError);
  });
});
