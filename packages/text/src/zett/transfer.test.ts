import { type Json, mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { textTokenizer } from '../text-tokenizer';
import { bestSegmentations, scoredPieces } from './best-segmentations';
import { byteLevelTokenizer } from './byte-level';
import { sampleVocabulary } from './sample-vocabulary';
import { unigramify } from './unigramify';

describe('bestSegmentations', () => {
  const vocabulary = scoredPieces(['a', 'b', 'ab', 'ba'], [-1, -2, -2.5, -2.75]);

  it('lists segmentations from the best on', () => {
    expect(bestSegmentations('aba', vocabulary, 3)).toEqual([
      { ids: [2, 0], score: -3.5 },
      { ids: [0, 3], score: -3.75 },
      { ids: [0, 1, 0], score: -4 },
    ]);
    expect(bestSegmentations('abc', vocabulary, 3)).toEqual([]);
    expect(bestSegmentations('', vocabulary, 3)).toEqual([{ ids: [], score: 0 }]);
  });
});

describe('unigramify', () => {
  it('finds scores that segment as wanted', () => {
    const pieces = ['', 'a', 'b', 'c', 'ab', 'bc', 'abc', 'ca'];
    const wanted: Readonly<Record<string, readonly number[]>> = {
      abc: [1, 5],
      ab: [4],
      bca: [2, 7],
      aab: [1, 4],
    };
    const pretokens = Object.keys(wanted).map((text, index) => ({ text, count: 10 - index }));
    const { scores, initialScores, accuracy } = unigramify(pieces, pretokens, (text) => wanted[text]!);
    expect(accuracy).toBe(1);
    expect(scores[0]).toBe(0);
    const before = scoredPieces(pieces, initialScores);
    expect(bestSegmentations('abc', before, 1)[0]!.ids).not.toEqual(wanted['abc']);
    const moved = scores.map((score, id) => Math.abs(score - initialScores[id]!));
    expect(moved.filter((distance) => distance > 1e-9).length).toBeLessThan(pieces.length);
  });

  it('changes nothing where nothing has to change', () => {
    const { scores, initialScores } = unigramify(['a', 'b'], [{ text: 'ab', count: 3 }], () => [0, 1]);
    expect(scores).toEqual(initialScores);
    expect([...initialScores]).toEqual([Math.log(0.5), Math.log(0.5)]);
  });

  it('refuses what is none', () => {
    expect(() => unigramify(['a'], [], () => [])).toThrow('at least one');
    expect(() => unigramify(['a'], [{ text: 'a', count: 0 }], () => [0])).toThrow('counts');
    expect(() => unigramify(['a'], [{ text: 'a', count: 1 }], () => [9])).toThrow('9 for "a"');
  });
});

describe('sampleVocabulary', () => {
  const pretokens = new Map([
    ['Ġthe', 50],
    ['Ġthen', 20],
    ['x', 1],
  ]);

  it('takes frequent and long substrings', () => {
    const pieces = sampleVocabulary(pretokens, mulberry32(1), { size: 256 + 135 + 3 });
    expect(pieces).toHaveLength(394);
    expect(pieces.slice(-3).map(({ piece }) => piece)).toEqual(['Ġthe', 'Ġth', 'Ġt']);
    expect(pieces.at(-3)!.score).toBeGreaterThan(pieces.at(-2)!.score);
    expect(new Set(pieces.map(({ piece }) => piece)).size).toBe(pieces.length);
  });

  it('differs with noise only', () => {
    const draw = (seed: number, noise: number) =>
      sampleVocabulary(pretokens, mulberry32(seed), { size: 396, noise, maxLength: 16 })
        .map(({ piece }) => piece)
        .join(' ');
    expect(draw(1, 0)).toBe(draw(2, 0));
    expect(new Set([1, 2, 3, 4, 5].map((seed) => draw(seed, 0.2))).size).toBeGreaterThan(1);
    expect(() => draw(1, -1)).toThrow('noise');
    expect(sampleVocabulary(new Map(), mulberry32(1), { size: 1 })).toHaveLength(256 + 135);
  });
});

describe('byteLevelTokenizer', () => {
  const special = (id: number, content: string): Json => ({
    id,
    content,
    special: true,
    normalized: false,
    single_word: false,
    lstrip: false,
    rstrip: false,
  });
  const bpe: Json = {
    version: '1.0',
    added_tokens: [special(0, '<s>')],
    normalizer: null,
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
    post_processor: null,
    decoder: null,
    model: {
      type: 'BPE',
      vocab: { '<s>': 0, a: 1, b: 2, é: 3, '▁': 4, ab: 5, '▁ab': 6, éa: 7 },
      merges: ['a b', '▁ ab', 'é a'],
    },
  };

  it('spells BPE in bytes, with merges for characters of several', () => {
    const { json, tokens, added } = byteLevelTokenizer(bpe);
    expect(tokens.slice(0, 8)).toEqual(['<s>', 'a', 'b', 'Ã©', 'Ġ', 'ab', 'Ġab', 'Ã©a']);
    expect(added).toBe(tokens.length - 8);
    const tokenizer = textTokenizer.fromJson(json);
    const pieces = (text: string) => tokenizer.encode(text, { addSpecialTokens: false, offsets: 'utf16' }).tokens;
    expect(pieces('ab éa')).toEqual(['Ġab', 'Ġ', 'Ã©a']);
    expect([...tokenizer.encode('ab', { addSpecialTokens: false }).ids]).toEqual([6]);
    expect(pieces('猫')!.length).toBe(4);
    expect(tokenizer.decode(tokenizer.encode('ab 猫!', { addSpecialTokens: false }).ids)).toBe(' ab 猫!');
  });

  it('spells Unigram and WordPiece in bytes', () => {
    const unigram = byteLevelTokenizer(
      {
        added_tokens: [],
        normalizer: null,
        pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
        model: {
          type: 'Unigram',
          unk_id: 0,
          vocab: [
            ['<unk>', 0],
            ['▁é', -1],
            ['a', -2],
            ['▁', -3],
          ],
        },
      },
      { specials: ['<unk>'] },
    );
    expect(unigram.tokens.slice(0, 4)).toEqual(['<unk>', 'ĠÃ©', 'a', 'Ġ']);
    const tokenizer = textTokenizer.fromJson(unigram.json);
    expect([...tokenizer.encode('éa', { addSpecialTokens: false }).ids]).toEqual([1, 2]);
    const wordPiece = byteLevelTokenizer(
      {
        model: {
          type: 'WordPiece',
          unk_token: '[UNK]',
          continuing_subword_prefix: '##',
          max_input_chars_per_word: 100,
          vocab: { '[UNK]': 0, un: 1, '##do': 2 },
        },
      },
      { specials: ['[UNK]'] },
    );
    expect(wordPiece.tokens.slice(0, 3)).toEqual(['[UNK]', 'Ġun', 'do']);
    expect([...textTokenizer.fromJson(wordPiece.json).encode('undo', { addSpecialTokens: false }).ids]).toEqual([1, 2]);
  });

  it('leaves tokenizers over bytes as they are', () => {
    const { tokens } = byteLevelTokenizer({
      pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Digits' }, { type: 'ByteLevel' }] },
      model: { type: 'BPE', vocab: { Ġ: 0, a: 1, Ġa: 2 }, merges: [['Ġ', 'a']] },
    });
    expect(tokens.slice(0, 3)).toEqual(['Ġ', 'a', 'Ġa']);
    expect(tokens).toHaveLength(257);
  });

  it('refuses other models', () => {
    expect(() => byteLevelTokenizer({ model: { type: 'WordLevel', vocab: {} } })).toThrow('WordPiece');
    expect(() => byteLevelTokenizer([])).toThrow('object');
  });
});
