import { mulberry32 } from '@tesserae/core/data';
import { describe, expect, it } from 'vitest';
import { typedTokenizer } from './typed-vocabulary';

const drugs = {
  type: 'drug',
  pieces: new Map([
    ['pred', 4],
    ['##nisone', 4],
    ['##one', 1],
    ['##nis', 1],
    ['a', 9],
  ]),
};
const diseases = {
  type: 'disease',
  pieces: new Map([
    ['predni', 1],
    ['##sone', 1],
    ['neur', 5],
    ['##itis', 5],
  ]),
};
const tokenizer = typedTokenizer({ vocabularies: [drugs, diseases], base: (word) => [...word] });

describe('typedTokenizer', () => {
  it('takes the vocabulary that needs the fewest bits', () => {
    expect(tokenizer.encode(['prednisone', 'neuritis', 'xyz'])).toEqual([
      { word: 'prednisone', pieces: ['pred', '##nisone'], type: 'drug' },
      { word: 'neuritis', pieces: ['neur', '##itis'], type: 'disease' },
      { word: 'xyz', pieces: ['x', 'y', 'z'], type: undefined },
    ]);
  });

  it('leaves sentences that do not get shorter', () => {
    const same = typedTokenizer({ vocabularies: [drugs], base: (word) => [word] });
    expect(same.encode(['prednisone', 'a'])).toEqual([
      { word: 'prednisone', pieces: ['prednisone'], type: undefined },
      { word: 'a', pieces: ['a'], type: undefined },
    ]);
    expect(tokenizer.encode([])).toEqual([]);
    expect(tokenizer.encode([''])).toEqual([{ word: '', pieces: [], type: undefined }]);
  });

  it('spells any word that it cuts', () => {
    const random = mulberry32(2);
    const pieces = new Map(['a', '##a', 'ab', '##ab', '##b', '##😀'].map((piece, index) => [piece, index + 1]));
    const any = typedTokenizer({ vocabularies: [{ type: 't', pieces }], base: (word) => [...word, '', '', ''] });
    for (let trial = 0; trial < 100; trial += 1) {
      const word = Array.from(random.integers(0, 4, 8), (at) => ['a', 'b', '😀', '\ud800'][at]!).join('');
      const [cut] = any.encode([word]);
      expect(cut!.pieces.map((piece) => piece.replace(/^##/, '')).join('')).toBe(word);
    }
  });

  it('refuses counts that are none', () => {
    for (const count of [0, NaN, Infinity]) {
      const vocabularies = [{ type: 't', pieces: new Map([['a', count]]) }];
      expect(() => typedTokenizer({ vocabularies, base: () => [] })).toThrow('positive counts');
    }
  });
});
