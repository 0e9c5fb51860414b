import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { randomTexts } from '../../test/random-text';
import { tinyRanks } from '../../test/tiny-ranks';
import { utf8Decode, utf8Encode } from '../bytes/utf8';
import { fromTokenizerJson } from '../pipeline/tokenizer-json';
import { recoverMerges } from './byte-vocabulary';
import { tiktokenEncodings } from './encodings';
import { fromTiktoken } from './from-tiktoken';
import { findPair } from './pair-table';
import { readTiktokenFile, writeTiktokenFile } from './tiktoken-file';
import { bytesOfToken, joinTokenBytes } from './token-bytes';

const file = tinyRanks();
const specialTokens = { '<|a|>': 500, '<|a|>b': 501, '<|c|>': 502 };
const tokenizer = fromTiktoken(file, { encoding: 'cl100k_base', specialTokens });
const texts = randomTexts(1500, 5);
const wellFormed = (text: string) => utf8Decode(utf8Encode(text));
const long = texts.join(' ab cd ').repeat(8);

/** tiktoken's definition: merge bytes of a piece while some pair joins to a token. */
function encodeSlowly(text: string): number[] {
  const tokens = readTiktokenFile(file, 'tiny');
  const ids = new Map<string, number>();
  for (let id = 0; id + 1 < tokens.starts.length; id += 1) ids.set(bytesOfToken(tokens, id).join(), id);
  const pieces = wellFormed(text).match(
    /'(?:[sSſtTdDmM]|[lL][lL]|[vV][eE]|[rR][eE])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\p{White_Space}\p{L}\p{N}]+[\r\n]*|\p{White_Space}*[\r\n]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu,
  );
  return (pieces ?? []).flatMap((piece) => {
    const parts = Array.from(utf8Encode(piece), (byte) => [byte]);
    for (;;) {
      const ranks = parts.slice(1).map((part, index) => ids.get([...parts[index]!, ...part].join()) ?? Infinity);
      const lowest = Math.min(...ranks);
      if (lowest === Infinity) break;
      const at = ranks.indexOf(lowest);
      parts.splice(at, 2, [...parts[at]!, ...parts[at + 1]!]);
    }
    return parts.map((part) => ids.get(part.join())!);
  });
}

describe('fromTiktoken', () => {
  it('encodes as the definition says, and back', () => {
    for (const text of texts.slice(0, 300)) {
      const { ids } = tokenizer.encode(text);
      expect([...ids]).toEqual(encodeSlowly(text));
      expect(tokenizer.decode(ids)).toBe(wellFormed(text));
      expect(tokenizer.isCanonical(ids)).toBe(true);
    }
  });
  it('gives the same in long texts, counts, arrays and parts', () => {
    const whole = tokenizer.encode(long).ids;
    expect(whole.length).toBe(tokenizer.count(long));
    expect([...whole.subarray(0, 3000)]).toEqual(encodeSlowly(long.slice(0, 20_000)).slice(0, 3000));
    const target = new Int32Array(whole.length + 5);
    expect(tokenizer.encodeInto(long, target, 5)).toBe(whole.length);
    expect([...target.subarray(5)]).toEqual([...whole]);
    expect(() => tokenizer.encodeInto('abc', new Int32Array(2), 2)).toThrow(/target/);
    const { ids } = tokenizer.encode('the theory of the thing');
    expect(tokenizer.encodeInto('the theory of the thing', new Int32Array(ids.length), 0)).toBe(ids.length);
    expect(() => tokenizer.encodeInto('the theory of the thing', new Int32Array(ids.length - 1), 0)).toThrow(/room/);
  });
  it('stops counting above the limit', () => {
    expect(tokenizer.count(long, 10)).toBeGreaterThan(10);
    expect(tokenizer.count(long, 10)).toBeLessThan(100);
    expect(tokenizer.count('the theory', 10)).toBe(tokenizer.encode('the theory').ids.length);
  });
  it('refuses special tokens, or takes the longest', () => {
    expect(() => tokenizer.encode('x <|c|>')).toThrow(/"<\|c\|>" at 2/);
    expect(tokenizer.count('x <|c|>')).toBe(tokenizer.encode('x <|c|>', { specials: 'ordinary' }).ids.length);
    expect([...tokenizer.encode('<|a|>b<|a|>', { specials: 'allow' }).ids]).toEqual([501, 500]);
    expect([...tokenizer.encode('<|c|>', { specials: { allow: ['<|c|>'] } }).ids]).toEqual([502]);
    expect(() => tokenizer.encode('', { specials: { allow: ['<|x|>'] } })).toThrow(/specials\.allow/);
  });
  it('decodes with errors of choice', () => {
    const half = tokenizer.encode('é😀').ids.subarray(0, 1);
    expect(() => tokenizer.decode([400_000])).toThrow(/400000.*no token|no token/);
    expect(tokenizer.decode([400_000], { unknownIds: 'skip' })).toBe('');
    expect(tokenizer.decode(tokenizer.encode('😀é').ids.subarray(0, 0))).toBe('');
    const byte = tokenizer.encodeSingleToken(Uint8Array.of(0xf0));
    expect(() => tokenizer.decode([byte], { errors: 'strict' })).toThrow(/UTF-8/);
    expect(tokenizer.decode([500, ...half], { skipSpecials: true })).toBe(tokenizer.decode(half));
  });
  it('gives offsets in three units whose slices are the text', () => {
    for (const text of texts.slice(0, 400)) {
      const { ids, offsets, wordIds } = tokenizer.encode(text, { offsets: 'utf16' });
      const codePoints = tokenizer.encode(text, { offsets: 'codepoint' }).offsets!;
      const bytes = tokenizer.encode(text, { offsets: 'byte' }).offsets!;
      const characters = [...text];
      const all = utf8Encode(text);
      let covered = 0;
      for (let index = 0; index < ids.length; index += 1) {
        const [start, end] = [offsets![index * 2]!, offsets![index * 2 + 1]!];
        const slice = text.slice(start, end);
        expect(start).toBeLessThanOrEqual(covered);
        covered = end;
        expect(characters.slice(codePoints[index * 2], codePoints[index * 2 + 1]).join('')).toBe(slice);
        expect(utf8Decode(all.slice(bytes[index * 2], bytes[index * 2 + 1]))).toBe(wellFormed(slice));
      }
      expect(covered).toBe(text.length);
      expect([...wordIds!]).toEqual([...wordIds!].toSorted((a, b) => a - b));
    }
  });
  it('drops merges at random, repeatably', () => {
    const plain = tokenizer.encode('the theory of the thing').ids;
    const encode = (dropout: number, seed: number) =>
      tokenizer.encode('the theory of the thing', { dropout, random: mulberry32(seed) }).ids;
    expect([...encode(0, 1)]).toEqual([...plain]);
    expect([...encode(0.5, 4)]).toEqual([...encode(0.5, 4)]);
    expect(encode(1, 1).length).toBe(23);
    expect(tokenizer.decode(encode(0.5, 6))).toBe('the theory of the thing');
    expect(() => tokenizer.encode('a', { dropout: 0.5 })).toThrow(/random/);
    expect(() => tokenizer.encode('a', { dropout: 2, random: mulberry32(1) })).toThrow(/dropout/);
  });
  it('writes tokens and rank files', () => {
    const tokens = tokenizer.tokens(tokenizer.encode('the thing'));
    expect(tokens.levels[0]!.kind).toBe('index');
    expect(tokens.tokenizer.fingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(tokenizer.save('tiktoken')).toEqual(file);
    expect(() => tokenizer.save('sentencepiece')).toThrow(/rank file/);
  });
  it.each(['gpt2', 'cl100k_base', 'o200k_base'])('writes %s as a tokenizer.json of the same ids', (encoding) => {
    const original = fromTiktoken(file, { encoding, specialTokens });
    const json = fromTokenizerJson(original.save('tokenizer.json'));
    for (const text of texts.slice(0, 400)) {
      const { ids } = original.encode(text, { specials: 'ordinary' });
      expect([...json.encode(text, { specials: 'ordinary' }).ids]).toEqual([...ids]);
      expect([...json.encode(text, { specials: 'ordinary', offsets: 'utf16' }).ids]).toEqual([...ids]);
      expect(json.count(text)).toBe(ids.length);
    }
    expect([...json.encode('the<|c|>').ids]).toEqual([...original.encode('the<|c|>', { specials: 'allow' }).ids]);
  });
  it('keeps ids with gaps for readers that number special tokens themselves', () => {
    const read = (tokens: Readonly<Record<string, number>>) =>
      JSON.parse(
        utf8Decode(fromTiktoken(file, { encoding: 'gpt2', specialTokens: tokens }).save('tokenizer.json')),
      ) as { readonly model: { readonly vocab: Readonly<Record<string, number>> } };
    const next = Object.keys(read({}).model.vocab).length;
    expect(read({ '<|a|>': next, '<|b|>': next + 1 }).model.vocab).not.toHaveProperty(['<|a|>']);
    expect(read({ '<|a|>': next, '<|b|>': next + 5 }).model.vocab).toMatchObject({ '<|a|>': next, '<|b|>': next + 5 });
    expect(() => read({ the: 900 })).toThrow(/"the" is two tokens/);
  });
  it('finds single tokens', () => {
    const id = tokenizer.encodeSingleToken('the');
    expect(utf8Decode(tokenizer.decodeSingleTokenBytes(id))).toBe('the');
    expect(tokenizer.tokenToId('<|c|>')).toBe(502);
    expect(tokenizer.idToToken(502)).toBe('<|c|>');
    expect(tokenizer.tokenToId('no such token')).toBeUndefined();
    expect(() => tokenizer.encodeSingleToken('no such token')).toThrow(/token of/);
  });
});

describe('rank files', () => {
  it.each(['', '!', '!! x', 'IQ== 1 2', 'IQ== 99999999', 'I Q== 1', 'IQ== 0\nIg== 0'])('refuse %j', (text) => {
    expect(() => readTiktokenFile(utf8Encode(text), 'bad')).toThrow(/bad/);
  });
  it('need all bytes', () => {
    expect(() => fromTiktoken(utf8Encode('IQ== 0\n'), { encoding: 'cl100k_base', name: 'short' })).toThrow(/256 bytes/);
    expect(() => fromTiktoken(file, { encoding: 'x' })).toThrow(/cl100k_base/);
  });
  it('read carriage returns and gaps', () => {
    const tokens = readTiktokenFile(utf8Encode('IQ== 0\r\n\r\nIg== 3'), 'gap');
    expect([...tokens.starts]).toEqual([0, 1, 1, 1, 2]);
    expect(utf8Decode(writeTiktokenFile(tokens))).toBe('IQ== 0\nIg== 3\n');
  });
  it('fall back to every split where a token comes from no two', () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
    const tokens = joinTokenBytes([...bytes, utf8Encode('abc'), utf8Encode('ab'), utf8Encode('bc')]);
    const { pairs } = recoverMerges(tokens, 'odd');
    expect(pairs.slots[findPair(pairs, 0x61, 258) + 3]).toBe(256);
    expect(pairs.slots[findPair(pairs, 257, 0x63) + 3]).toBe(256);
  });
});

describe('tiktokenEncodings', () => {
  it('have the published special tokens', () => {
    const harmony = tiktokenEncodings.find(({ name }) => name === 'o200k_harmony')!.specialTokens();
    expect(Object.keys(harmony).length).toBe(201088 - 199998);
    expect(harmony['<|call|>']).toBe(200012);
    expect(harmony['<|reserved_200000|>']).toBe(200000);
  });
});
