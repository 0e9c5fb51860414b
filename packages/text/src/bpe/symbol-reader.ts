import { byteToken } from '../bytes/byte-alphabet';
import { utf8Encode, utf8Length } from '../bytes/utf8';
import type { CharacterBpeOptions } from './character-bpe';
import { type MergeSpace, reserveMergeSpace } from './merge';

/** Turns the characters of a word into the symbols that merging begins with. */
export interface SymbolReader {
  /** Bytes of the word that each symbol of the last word stands for. */
  lengths: Int32Array;
  /** Fills `space.ids`, and gives the number of symbols. */
  read(word: string, space: MergeSpace): number;
}

const plane = 0x10000;

export function createSymbolReader(options: CharacterBpeOptions): SymbolReader {
  const { vocabulary, continuingPrefix, endOfWordSuffix } = options;
  const byteIds = Int32Array.from({ length: 256 }, (_, byte) => vocabulary.get(byteToken(byte)) ?? -1);
  const isPlain = continuingPrefix === '' && endOfWordSuffix === '';
  /** Ids of single characters, plus one. */
  const characterIds = isPlain ? singleCharacters(vocabulary) : new Int32Array(0);

  const idOf = (codePoint: number, word: string, at: number, end: number): number => {
    if (isPlain && codePoint < plane) return characterIds[codePoint]! - 1;
    return vocabulary.get(symbolAt(word, at, end)) ?? -1;
  };
  const symbolAt = (word: string, at: number, end: number): string =>
    (at > 0 ? continuingPrefix : '') + word.slice(at, end) + (end === word.length ? endOfWordSuffix : '');

  const reader: SymbolReader = { lengths: new Int32Array(0), read };
  reader.lengths = new Int32Array(256);
  return reader;

  /**
   * An unknown character waits for its neighbours, and only a known one lets it out: bytes that come between overtake
   * it, as in the Hugging Face library.
   */
  function read(word: string, space: MergeSpace): number {
    const most = symbolLimit(word);
    reserveMergeSpace(space, most);
    if (reader.lengths.length < most) reader.lengths = new Int32Array(most * 2);
    const { ids } = space;
    const { lengths } = reader;
    let count = 0;
    let waiting = 0;
    for (let at = 0; at < word.length;) {
      const codePoint = word.codePointAt(at)!;
      const end = at + (codePoint >= plane ? 2 : 1);
      const length = utf8Length(codePoint);
      const id = idOf(codePoint, word, at, end);
      if (id >= 0) {
        if (waiting > 0) {
          ids[count] = options.unknownId!;
          lengths[count++] = waiting;
          waiting = 0;
        }
        ids[count] = id;
        lengths[count++] = length;
      } else {
        const bytes = options.byteFallback ? utf8Encode(symbolAt(word, at, end)) : undefined;
        if (bytes?.every((byte) => byteIds[byte]! >= 0)) {
          for (const byte of bytes) {
            ids[count] = byteIds[byte]!;
            lengths[count++] = 1;
          }
        } else if (options.unknownId !== undefined) {
          if (waiting > 0 && !options.fuseUnknown) {
            ids[count] = options.unknownId;
            lengths[count++] = waiting;
            waiting = 0;
          }
          waiting += length;
        }
      }
      at = end;
    }
    if (waiting > 0) {
      ids[count] = options.unknownId!;
      lengths[count++] = waiting;
    }
    return count;
  }

  /** A character is at most three bytes a unit, each of which may become a symbol, with what is put around it. */
  function symbolLimit(word: string): number {
    const around = isPlain ? 0 : utf8Encode(continuingPrefix).length + utf8Encode(endOfWordSuffix).length;
    return options.byteFallback ? word.length * (3 + around) : word.length + 1;
  }
}

function singleCharacters(vocabulary: ReadonlyMap<string, number>): Int32Array {
  const ids = new Int32Array(plane);
  for (const [token, id] of vocabulary) if (token.length === 1) ids[token.charCodeAt(0)] = id + 1;
  return ids;
}
