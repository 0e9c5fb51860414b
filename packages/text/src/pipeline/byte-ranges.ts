import { isAsciiText, utf8Length } from '../bytes/utf8';
import { type AlignedText, originalRange } from './aligned-text';

/** Turns ranges of bytes of a word into ranges of the original text. */
export interface ByteRanges {
  /** The original UTF-16 range of the bytes `start..end`; a part of a character counts as the whole. */
  original(start: number, end: number): readonly [number, number];
}

export function byteRanges(word: AlignedText): ByteRanges {
  const { text } = word;
  const isAscii = isAsciiText(text);
  /** For each byte, and for the end, the unit where its character begins. */
  const units = isAscii ? undefined : characterStarts(text);
  const total = units ? units.length - 1 : text.length;
  const unitAt = (byte: number) => (units ? units[byte]! : byte);
  return {
    original(start, end) {
      // The library gives empty ranges, and ranges that do not exist, back as they are.
      if (start >= end || end > total) return [word.origin + start, word.origin + end];
      const last = unitAt(end - 1);
      const length = units && text.codePointAt(last)! > 0xffff ? 2 : 1;
      return originalRange(word, unitAt(start), last + length);
    },
  };
}

function characterStarts(text: string): Int32Array {
  const starts = new Int32Array(text.length * 3 + 1);
  let byte = 0;
  for (let at = 0; at < text.length;) {
    const codePoint = text.codePointAt(at)!;
    for (let left = utf8Length(codePoint); left > 0; left -= 1) starts[byte++] = at;
    at += codePoint > 0xffff ? 2 : 1;
  }
  starts[byte] = text.length;
  return starts.subarray(0, byte + 1);
}
