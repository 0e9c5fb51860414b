import { utf8Length } from '../bytes/utf8';
import type { OffsetUnit } from './text-tokenizer';

/** Reads a text once from left to right and says where bytes, code points and UTF-16 units lie. */
export interface OffsetCursor {
  /** Characters up to here were read. */
  unit: number;
  codePoint: number;
  byte: number;
}

/** Places in one count of a text, by its UTF-16 units: a table for `codepoint` and `byte`, nothing for `utf16`. */
export function convertOffsets(text: string, offsets: Int32Array, unit: OffsetUnit): Int32Array {
  if (unit === 'utf16') return offsets;
  const places = new Int32Array(text.length + 1);
  const cursor: OffsetCursor = { unit: 0, codePoint: 0, byte: 0 };
  while (cursor.unit < text.length) {
    const before = unit === 'byte' ? cursor.byte : cursor.codePoint;
    const start = cursor.unit;
    readCharacter(text, cursor);
    for (let index = start; index < cursor.unit; index += 1) places[index] = before;
  }
  places[text.length] = unit === 'byte' ? cursor.byte : cursor.codePoint;
  return offsets.map((offset) => places[offset]!);
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
