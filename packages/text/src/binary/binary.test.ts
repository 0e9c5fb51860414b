import { describe, expect, it } from 'vitest';
import { randomTexts } from '../../test/random-text';
import { byteLevelJson, sampleTokenizers } from '../../test/sample-tokenizers';
import { tinyRanks } from '../../test/tiny-ranks';
import { textTokenizer } from '../text-tokenizer';
import { textTokenizers } from '../text-tokenizers';
import { readDifferences, readVarints, writeDifferences, writeVarints } from './number-tables';

const texts = randomTexts(60, 21);

describe.each(sampleTokenizers)('%s in the binary form', (_name, tokenizer) => {
  const bytes = tokenizer.save('binary');
  const again = textTokenizer.fromBinary(bytes);

  it('comes back as it was', () => {
    expect(again.info).toEqual(tokenizer.info);
    for (const text of texts) {
      const options = { offsets: 'utf16', specials: 'allow' } as const;
      expect(again.encode(text, options)).toEqual(tokenizer.encode(text, options));
      const { ids } = tokenizer.encode(text, options);
      expect(again.decode(ids)).toBe(tokenizer.decode(ids));
      expect(again.tokens({ ids }).tokenizer).toEqual(tokenizer.tokens({ ids }).tokenizer);
    }
  });
  it('is the same when it is saved again, and is known by its content', async () => {
    expect(again.save('binary')).toEqual(bytes);
    expect((await textTokenizers.fromPretrained(bytes)).info).toEqual(tokenizer.info);
  });
  it('is refused when it is damaged', () => {
    for (const length of [0, 3, 4, 5, 8, 12, 40, bytes.length - 1]) {
      expect(() => textTokenizer.fromBinary(bytes.subarray(0, length), { name: 'cut.bin' })).toThrow(/cut\.bin/);
    }
    const newer = bytes.slice();
    newer[4] = 9;
    expect(() => textTokenizer.fromBinary(newer)).toThrow(/version.*9/);
    const other = bytes.slice();
    other[5] = 9;
    expect(() => textTokenizer.fromBinary(other)).toThrow(/kind.*9/);
  });
});

describe('binary form of a tokenizer.json', () => {
  const parsed = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as unknown;

  it('keeps the whole file', () => {
    const file = byteLevelJson({ padding: null, version: '1.0', more: ['of', { this: 'kind' }] });
    const again = textTokenizer.fromBinary(textTokenizer.fromJson(file).save('binary'));
    expect(parsed(again.save('tokenizer.json'))).toEqual(file);
  });
  it.each(['strings', 'pairs'])('keeps merges as %s', (form) => {
    const merges =
      form === 'strings'
        ? ['a b', 'ab a']
        : [
            ['a', 'b'],
            ['ab', 'a'],
          ];
    const file = { model: { type: 'BPE', vocab: { a: 5, b: 0, ab: 2, aba: 9 }, merges } };
    const again = textTokenizer.fromBinary(textTokenizer.fromJson(file).save('binary'));
    expect(parsed(again.save('tokenizer.json'))).toEqual(file);
    expect([...again.encode('abaab').ids]).toEqual([9, 2]);
  });
  it('keeps what no table can hold', () => {
    const file = { model: { type: 'WordLevel', vocab: { '\ud800': 1, '[UNK]': 0 }, unk_token: '[UNK]' } };
    const again = textTokenizer.fromBinary(textTokenizer.fromJson(file).save('binary'));
    expect(parsed(again.save('tokenizer.json'))).toEqual(file);
  });
  it('is smaller than the file', () => {
    const tokenizer = textTokenizer.fromJson(byteLevelJson());
    expect(tokenizer.save('binary').length).toBeLessThan(tokenizer.save('tokenizer.json').length);
  });
});

describe('binary form of a rank file', () => {
  it('has ids without a token, and special tokens of its own', () => {
    const lines = new TextDecoder()
      .decode(tinyRanks())
      .split('\n')
      .filter((line) => !line.endsWith(' 300'));
    const tokenizer = textTokenizer.fromTiktoken(new TextEncoder().encode(lines.join('\n')), {
      encoding: 'gpt2',
      name: 'mine',
      specialTokens: { '<x>': 1000 },
    });
    const again = textTokenizer.fromBinary(tokenizer.save('binary'));
    expect(again.idToToken(300)).toBe(undefined);
    expect(again.tokenToId('<x>')).toBe(1000);
    expect(again.save('tiktoken')).toEqual(tokenizer.save('tiktoken'));
  });
});

describe('number tables', () => {
  it('come back', () => {
    const numbers = [0, 1, 127, 128, 300, 2 ** 31, 2 ** 32 - 1];
    expect([...readVarints(writeVarints(numbers), 'n')]).toEqual(numbers);
    const signed = [5, -7, 0, 1 << 29, -(1 << 29)];
    expect([...readDifferences(writeDifferences(signed), 'n')]).toEqual(signed);
    expect(() => readVarints(Uint8Array.of(0x80), 'n')).toThrow(/n:/);
    expect(() => readVarints(Uint8Array.of(255, 255, 255, 255, 255, 1), 'n')).toThrow(/n:/);
  });
});
