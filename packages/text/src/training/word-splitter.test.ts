import { describe, expect, it } from 'vitest';
import { randomTexts } from '../../test/random-text';
import { alignText } from '../pipeline/aligned-text';
import { jsonPlace } from '../pipeline/json-reader';
import { readNormalizer } from '../pipeline/normalizers';
import { wellFormed } from '../pipeline/pipeline';
import { readPreTokenizer } from '../pipeline/pre-tokenizers';
import { cutsAtSpaces } from './cuts-at-spaces';
import { createWordSplitter } from './word-splitter';

/** Normalizer and pre-tokenizer on the whole text. */
function wordsOf(text: string, normalizer: object | null, preTokenizer: object): string[] {
  const source = alignText(wellFormed(text), 0, false);
  const normalized = normalizer ? readNormalizer(jsonPlace(normalizer, 'n'))(source) : source;
  return readPreTokenizer(jsonPlace(preTokenizer, 'p'))(normalized)
    .map((word) => word.text)
    .filter((word) => word !== '');
}

const metaspace = (scheme: string) => ({ type: 'Metaspace', replacement: '▁', prepend_scheme: scheme, split: true });
const bert = {
  type: 'BertNormalizer',
  clean_text: true,
  handle_chinese_chars: true,
  strip_accents: null,
  lowercase: true,
};
const preTokenizers: readonly object[] = [
  { type: 'WhitespaceSplit' },
  { type: 'Whitespace' },
  { type: 'BertPreTokenizer' },
  metaspace('always'),
  metaspace('first'),
  metaspace('never'),
  { type: 'Sequence', pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'ByteLevel', add_prefix_space: true }] },
  { type: 'Sequence', pretokenizers: [{ type: 'Whitespace' }, metaspace('first')] },
];
const normalizers: readonly (object | null)[] = [
  null,
  bert,
  { type: 'Nmt' },
  ...['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase'].map((type) => ({ type })),
  { type: 'Sequence', normalizers: [{ type: 'NFD' }, { type: 'StripAccents' }] },
];

describe('createWordSplitter', () => {
  const texts = randomTexts(80, 11).map((text) => `${text} ▁${text.slice(1)} a  b \u0301 ΑΣ Σ¨ ${text}`);

  it('gives the words of the whole text where it is cut before spaces', () => {
    for (const preTokenizer of preTokenizers) {
      for (const normalizer of normalizers) {
        expect(cutsAtSpaces({ normalizer, preTokenizer })).toBe(true);
        const splitter = createWordSplitter({ normalizer, preTokenizer });
        for (const text of texts) {
          const words: string[] = [];
          splitter.split(text, (part) => words.push(...splitter.finish(part)));
          expect(words).toEqual(wordsOf(text, normalizer, preTokenizer));
        }
      }
    }
  });

  it('is not cut where words can have spaces, or the text as a whole counts', () => {
    for (const preTokenizer of [
      null,
      { type: 'Punctuation', behavior: 'Isolated' },
      { type: 'Digits', individual_digits: true },
      { ...metaspace('always'), split: false },
      { type: 'Sequence', pretokenizers: [{ type: 'Digits' }, { type: 'WhitespaceSplit' }] },
    ]) {
      expect(cutsAtSpaces({ preTokenizer })).toBe(false);
    }
    for (const normalizer of [{ type: 'Strip' }, { type: 'Prepend', prepend: 'x' }, { type: 'Replace' }]) {
      expect(cutsAtSpaces({ normalizer, preTokenizer: { type: 'WhitespaceSplit' } })).toBe(false);
    }
  });

  it('gives byte-level words by a compiled scanner, prefix space and all', () => {
    for (const addPrefixSpace of [false, true]) {
      const preTokenizer = { type: 'ByteLevel', add_prefix_space: addPrefixSpace };
      const splitter = createWordSplitter({ preTokenizer });
      for (const text of texts) {
        const words: string[] = [];
        splitter.split(text, (part) => words.push(...splitter.finish(part)));
        expect(words).toEqual(wordsOf(text, null, preTokenizer));
      }
    }
  });
});
