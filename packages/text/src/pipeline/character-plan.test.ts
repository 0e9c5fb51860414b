import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { fromTokenizerJson } from './tokenizer-json';

const tokens = ['<unk>', '▁', 'a', 'b', 'c', '😀', 'ab', '▁a', 'abc', 'bb', 'cc'];
const merges = ['a b', '▁ a', 'ab c', 'b b', 'c c'];

function tokenizer(unknown: object) {
  return fromTokenizerJson({
    normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
    pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious', invert: false },
    model: { type: 'BPE', vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges, ...unknown },
  });
}

describe('characterPlan', () => {
  it.each([
    ['unknown characters', { unk_token: '<unk>' }],
    ['fused unknown characters', { unk_token: '<unk>', fuse_unk: true }],
    ['characters that are dropped', {}],
  ])('gives long texts the ids that words have, with %s', (_, unknown) => {
    const { encode, count } = tokenizer(unknown);
    for (const alphabet of [' abc', 'ab', ' abcx😀', 'x😀']) {
      const characters = [...alphabet];
      const random = mulberry32(alphabet.length).integers(0, characters.length, 50_000);
      const text = Array.from(random, (index) => characters[index]).join('');
      const expected = encode(text, { offsets: 'utf16' }).ids;
      expect(encode(text).ids).toEqual(expected);
      expect(count(text)).toBe(expected.length);
    }
  });
});
