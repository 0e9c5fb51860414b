import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../word-break/split-words';
import { hatSplit, hatSplitBytes } from './hat-split';

const random = mulberry32(21);
const pick = (alphabet: readonly string[], length: number) =>
  Array.from(random.integers(0, alphabet.length, length), (index) => alphabet[index]!).join('');

describe('splitWords', () => {
  it('agrees with the segmenter of the machine where that has no dictionary', () => {
    const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
    const alphabet = [
      'a',
      'B',
      'é',
      '\u0301',
      '7',
      '.',
      ',',
      "'",
      '"',
      '_',
      ' ',
      '-',
      '\n',
      '\r',
      '\u200d',
      '😀',
      '🇩',
      '🇪',
      'я',
      'א',
      'カ',
      '٣',
      '\u00ad',
      '·',
    ];
    for (let trial = 0; trial < 3000; trial += 1) {
      const text = pick(alphabet, 1 + (trial % 12));
      expect(splitWords(text)).toEqual(Array.from(segmenter.segment(text), ({ segment }) => segment));
    }
  });

  it('keeps what belongs together', () => {
    expect(splitWords("can't 3.14 a.b. x")).toEqual(["can't", ' ', '3.14', ' ', 'a.b', '.', ' ', 'x']);
    expect(splitWords('日本 ไทย')).toEqual(['日', '本', ' ', 'ไ', 'ท', 'ย']);
    expect(splitWords('👩‍🚀🇩🇪🇫🇷  x')).toEqual(['👩‍🚀', '🇩🇪', '🇫🇷', '  ', 'x']);
    expect(splitWords('')).toEqual([]);
  });
});

describe('hatSplit', () => {
  it.each([
    ['Hello, world!', ['Hello,', ' world!']],
    ['howAreYou', ['how', 'Are', 'You']],
    ['how_are_you', ['how_', 'are_', 'you']],
    ['a  b', ['a', '  ', 'b']],
    ['a b', ['a', ' b']],
    [' .x', [' .', 'x']],
    ['one\n two', ['one', '\n', ' two']],
    ['(a)', ['(', 'a)']],
    ['', []],
    ['\ud800a', ['\ud800', 'a']],
  ])('%j', (text, words) => {
    expect(hatSplit(text)).toEqual(words);
  });

  it('joins to the text, and keeps words whatever follows', () => {
    const alphabet = ['a', 'B', 'c', ' ', ' ', '.', ',', '_', '\n', '1', '日', '😀', "'", '\ud800'];
    for (let trial = 0; trial < 300; trial += 1) {
      const text = pick(alphabet, trial % 40);
      const words = hatSplit(text);
      expect(words.join('')).toBe(text);
      const more = hatSplit(text + pick(alphabet, 5));
      const settled = Math.max(0, words.length - 2);
      expect(more.slice(0, settled)).toEqual(words.slice(0, settled));
    }
  });

  it('limits bytes, between characters where it can', () => {
    const lengths = (text: string, maxBytes: number) => hatSplitBytes(text, { maxBytes }).map(({ length }) => length);
    expect(lengths('abcdefg', 3)).toEqual([3, 3, 1]);
    expect(lengths('ééé', 3)).toEqual([2, 2, 2]);
    expect(lengths('😀', 3)).toEqual([3, 1]);
    expect(() => hatSplitBytes('a', { maxBytes: 0 })).toThrow('maxBytes');
    const all = hatSplitBytes('Ünï cödé 😀 text', { maxBytes: 2 }).flatMap((bytes) => [...bytes]);
    expect(new TextDecoder().decode(Uint8Array.from(all))).toBe('Ünï cödé 😀 text');
  });
});
