import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { fromTokenizerJson } from './tokenizer-json';

const tokens = ['<unk>', '▁', 'a', 'b', 'c', '😀', 'ab', '▁a', 'abc', 'bb', 'cc'];
const merges = ['a b', '▁ a', 'ab c', 'b b', 'c c'];

const spaces = { type: 'Replace', pattern: { String: ' ' }, content: '▁' };

function tokenizer(unknown: object, others: object = {}) {
  return fromTokenizerJson({
    normalizer: spaces,
    pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious', invert: false },
    model: { type: 'BPE', vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges, ...unknown },
    ...others,
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

  const added = { id: tokens.length, content: 'b▁b', single_word: false, lstrip: false, rstrip: false, special: false };

  it.each([
    ['tokens of raw text', { added_tokens: [{ ...added, content: 'b b', normalized: false }] }],
    ['tokens of normalized text', { added_tokens: [{ ...added, normalized: true }] }],
    ['two characters for a space', { normalizer: { ...spaces, content: '▁▁' }, pre_tokenizer: null }],
    ['spaces that stay', { normalizer: null, pre_tokenizer: null }],
    [
      'a mark before the text',
      { normalizer: { type: 'Sequence', normalizers: [{ type: 'Prepend', prepend: '▁' }, spaces] } },
    ],
  ])('gives the ids of words with %s', (_, others) => {
    const { encode, count } = tokenizer({ unk_token: '<unk>' }, others);
    const alphabet = [...' abc▁😀', '\ud83d', 'b b', 'b▁b'];
    const random = mulberry32(7).integers(0, alphabet.length, 20_000);
    const text = Array.from(random, (index) => alphabet[index]).join('');
    const expected = encode(text, { offsets: 'utf16' }).ids;
    expect(encode(text).ids).toEqual(expected);
    expect(count(text)).toBe(expected.length);
  });
});
