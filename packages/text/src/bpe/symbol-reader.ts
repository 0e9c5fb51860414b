import { byteToken } from '../bytes/byte-alphabet';
import { utf8Encode, utf8Length } from '../bytes/utf8';
import { advanceInSteps, type Steps } from '../tokenizer/steps';
import type { CharacterBpeOptions } from './character-bpe';
import { type MergeSpace, reserveMergeSpace } from './merge';

/** Turns the characters of a word into the symbols that merging begins with. */
export interface SymbolReader {
  /** Bytes of the word that each symbol of the last word stands for. */
  lengths: Int32Array;
  /** Fills `space.ids`, and gives the number of symbols. */
  read(word: string, space: MergeSpace): number;
  /**
   * Symbols of `units[start .. end]`, without their lengths; -1 where a character is no token by itself, or has two
   * units, or something is put around characters.
   */
  readUnits(units: Uint16Array, start: number, end: number, space: MergeSpace): number;
  /** {@link read} in steps; nobody else may use the reader and the space until the last one. */
  readSteps(word: string, space: MergeSpace): Steps<number>;
}

/** How far a word is read. */
interface Reading {
  at: number;
  /** Symbols so far. */
  count: number;
  /** Bytes of unknown characters that wait for their neighbours. */
  waiting: number;
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

  const reader: SymbolReader = {
    lengths: new Int32Array(0),
    read(word, space) {
      const reading = begin(word, space);
      advance(reading, word, space, word.length);
      return end(reading, space);
    },
    readUnits(units, start, end, space) {
      if (!isPlain) return -1;
      reserveMergeSpace(space, end - start);
      const { ids } = space;
      for (let at = start; at < end; at += 1) {
        const unit = units[at]!;
        const id = characterIds[unit]! - 1;
        if (id < 0 || (unit & 0xf800) === 0xd800) return -1;
        ids[at - start] = id;
      }
      return end - start;
    },
    *readSteps(word, space) {
      const reading = begin(word, space);
      yield* advanceInSteps((until) => {
        advance(reading, word, space, Math.min(until, word.length));
        return reading.at >= word.length;
      });
      return end(reading, space);
    },
  };
  reader.lengths = new Int32Array(256);
  return reader;

  function begin(word: string, space: MergeSpace): Reading {
    const most = symbolLimit(word);
    reserveMergeSpace(space, most);
    if (reader.lengths.length < most) reader.lengths = new Int32Array(most * 2);
    return { at: 0, count: 0, waiting: 0 };
  }

  /**
   * An unknown character waits for its neighbours, and only a known one lets it out: bytes that come between overtake
   * it, as in the Hugging Face library.
   */
  function advance(reading: Reading, word: string, space: MergeSpace, until: number): void {
    const { ids } = space;
    const { lengths } = reader;
    let { at, count, waiting } = reading;
    while (at < until) {
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
    reading.at = at;
    reading.count = count;
    reading.waiting = waiting;
  }

  function end({ count, waiting }: Reading, { ids }: MergeSpace): number {
    if (waiting === 0) return count;
    ids[count] = options.unknownId!;
    reader.lengths[count] = waiting;
    return count + 1;
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
