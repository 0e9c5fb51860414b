import { utf8Length } from '../bytes/utf8';
import { advanceInSteps, type Steps } from './steps';
import type { OffsetUnit } from './text-tokenizer';

/** Reads a text once from left to right and says where bytes, code points and UTF-16 units lie. */
export interface OffsetCursor {
  /** Characters up to here were read. */
  unit: number;
  codePoint: number;
  byte: number;
}

/** Places in one count of a text, by its UTF-16 units: a table for `codepoint` and `byte`, nothing for `utf16`. */
export function unitPlaces(text: string, unit: OffsetUnit): Int32Array | undefined {
  if (unit === 'utf16') return undefined;
  const { places, extend } = placesOf(text, unit);
  extend(text.length);
  return places;
}

export function convertOffsets(text: string, offsets: Int32Array, unit: OffsetUnit): Int32Array {
  const places = unitPlaces(text, unit);
  return places ? offsets.map((offset) => places[offset]!) : offsets;
}

/** {@link unitPlaces} in steps. */
export function* placesInSteps(text: string, unit: OffsetUnit): Steps<Int32Array | undefined> {
  if (unit === 'utf16') return undefined;
  const { places, extend } = placesOf(text, unit);
  yield* advanceInSteps(extend);
  return places;
}

function placesOf(text: string, unit: 'codepoint' | 'byte') {
  const places = new Int32Array(text.length + 1);
  const cursor: OffsetCursor = { unit: 0, codePoint: 0, byte: 0 };
  const extend = (until: number): boolean => {
    while (cursor.unit < Math.min(until, text.length)) {
      const before = unit === 'byte' ? cursor.byte : cursor.codePoint;
      const start = cursor.unit;
      readCharacter(text, cursor);
      for (let index = start; index < cursor.unit; index += 1) places[index] = before;
    }
    if (cursor.unit < text.length) return false;
    places[text.length] = unit === 'byte' ? cursor.byte : cursor.codePoint;
    return true;
  };
  return { places, extend };
}

/** UTF-16 units of places in bytes, which are asked for from left to right; going back costs another look at the text. */
export function unitsOfBytes(text: string): (byte: number) => number {
  const cursor: OffsetCursor = { unit: 0, codePoint: 0, byte: 0 };
  return (byte) => {
    if (byte < cursor.byte) cursor.unit = cursor.codePoint = cursor.byte = 0;
    while (cursor.byte < byte && cursor.unit < text.length) readCharacter(text, cursor);
    return cursor.unit;
  };
}

/** Moves over one character; a lone surrogate is one of three bytes. */
export function readCharacter(text: string, cursor: OffsetCursor): void {
  const codePoint = text.codePointAt(cursor.unit)!;
  cursor.unit += codePoint > 0xffff ? 2 : 1;
  cursor.codePoint += 1;
  cursor.byte += utf8Length(codePoint);
}

/**
 * UTF-16 offsets of tokens that are bytes of `text[start ..]`, one behind the other without gaps. A token that begins or
 * ends inside a character has the whole character.
 *
 * @param lengths - Bytes of each token.
 * @param target - Receives two numbers a token, from `at` on.
 */
export function writeByteOffsets(
  text: string,
  start: number,
  lengths: ArrayLike<number>,
  target: Int32Array,
  at: number,
): void {
  const cursor: OffsetCursor = { unit: start, codePoint: 0, byte: 0 };
  let characterStart = start;
  let end = 0;
  for (let index = 0; index < lengths.length; index += 1) {
    // The character before is still this token's when its last bytes are.
    if (cursor.byte <= end) characterStart = cursor.unit;
    target[at + index * 2] = characterStart;
    end += lengths[index]!;
    while (cursor.byte < end && cursor.unit < text.length) {
      characterStart = cursor.unit;
      readCharacter(text, cursor);
    }
    target[at + index * 2 + 1] = cursor.unit;
  }
}
