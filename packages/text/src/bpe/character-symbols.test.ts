import { mulberry32 } from '@tesserae/core';
import { describe, expect, it } from 'vitest';
import { utf8Encode } from '../bytes/utf8';
import { cl100kBase } from '../vocabularies/cl100k_base';
import { o200kBase } from '../vocabularies/o200k_base';
import type { ByteVocabulary } from './byte-vocabulary';
import { besideAscii, characterPlace, createCharacterSymbols } from './character-symbols';
import { createMergeSpace, mergeTokens } from './merge';
import { unpackVocabulary } from './packed-vocabulary';
import { createPieceEncoder, encodePiece, readBytes } from './piece-encoder';
import { copyUnits, createTextWindow } from './windows';

const scripts = [
  'абвгдежзийклмнопрст',
  'καλημέρα',
  'हिन्दीमें',
  '中文字符的一是了',
  'の한국어ガ',
  'éüßñ',
  'ếạộ',
  'مرحبا',
  'ab 1-',
  '😀',
];

/** Ids of the bytes of a text, merged without any shortcut. */
function mergedBytes(vocabulary: ByteVocabulary, text: string): readonly number[] {
  const space = createMergeSpace();
  const bytes = utf8Encode(text);
  const count = mergeTokens(space, readBytes({ space, vocabulary }, bytes, bytes.length), vocabulary.pairs);
  return [...space.ids.subarray(0, count)];
}

function* texts(seed: number, count: number): Generator<string> {
  const random = mulberry32(seed);
  const number = (below: number) => random.integers(0, below, 1)[0]!;
  for (let index = 0; index < count; index += 1) {
    const script = [...scripts[number(scripts.length)]!];
    const other = [...scripts[number(scripts.length)]!];
    const length = 1 + number(40);
    yield Array.from({ length }, () => (number(5) === 0 ? other : script))
      .map((from) => from[number(from.length)]!)
      .join('');
  }
}

describe.each([
  ['cl100k_base', cl100kBase],
  ['o200k_base', o200kBase],
])('symbols of characters, %s', (name, packed) => {
  const vocabulary = unpackVocabulary(packed);

  it('give pieces the tokens that their bytes merge to', () => {
    const encoder = createPieceEncoder({
      ...vocabulary,
      wholeTokens: { bytes: new Uint8Array(), starts: new Int32Array(1) },
    });
    const window = createTextWindow();
    for (const text of texts(name.length, 4000)) {
      copyUnits(window, text, 0, text.length);
      const value = encodePiece(encoder, window, 0, text.length);
      const { results } = encoder.table;
      const ids = value >= 0 ? [value] : [...results.subarray(~value + 1, ~value + 1 + results[~value]!)];
      expect({ text, ids }).toEqual({ text, ids: mergedBytes(vocabulary, text) });
    }
    expect(encoder.symbols).toBeDefined();
  });

  it('are the same with and without what is known from reading', () => {
    const { ends: _ends, crossings: _crossings, ...rest } = vocabulary;
    const [known, found] = [
      createCharacterSymbols(vocabulary),
      createCharacterSymbols({ ...rest, tokens: vocabulary.tokens }),
    ];
    for (const beside of ['any', 'others'] as const) {
      for (const side of ['before', 'behind'] as const) {
        const expected = known.edges[beside][side];
        expect(found.edges[beside][side].every((rank, id) => rank === expected[id])).toBe(true);
      }
    }
  });

  it('join common characters', () => {
    const symbols = createCharacterSymbols(vocabulary);
    for (const character of 'ао中') {
      const place = characterPlace(symbols, character.codePointAt(0)!, 0);
      expect({ character, symbols: symbols.list[place] }).toEqual({ character, symbols: 1 });
    }
    expect(symbols.list[characterPlace(symbols, 0x430, besideAscii)]).toBe(2);
  });
});
