import { utf8Length } from '../bytes/utf8';
import { type AlignedText, originalRange } from './aligned-text';

/** Turns ranges of bytes of a word into ranges of the original text. */
export interface ByteRanges {
  /**
   * The original UTF-16 range of the bytes `start..end`; a part of a character counts as the whole. Ranges are asked for
   * from left to right; going back costs another look at the word.
   */
  original(start: number, end: number): readonly [number, number];
}

/** A place between two characters. */
interface Place {
  unit: number;
  byte: number;
}

export function byteRanges(word: AlignedText): ByteRanges {
  const { text } = word;
  /** Behind the character that was read last. */
  const here: Place = { unit: 0, byte: 0 };
  /** Where that character begins, and where the range before began. */
  const last: Place = { unit: 0, byte: 0 };
  const begun: Place = { unit: 0, byte: 0 };

  const readTo = (byte: number) => {
    while (here.byte < byte && here.unit < text.length) {
      const codePoint = text.codePointAt(here.unit)!;
      moveTo(last, here);
      here.unit += codePoint > 0xffff ? 2 : 1;
      here.byte += utf8Length(codePoint);
    }
  };
  return {
    original(start, end) {
      // The library gives empty ranges, and ranges that do not exist, back as they are.
      if (start >= end) return [word.origin + start, word.origin + end];
      if (start < last.byte) {
        if (start < begun.byte) moveTo(begun, { unit: 0, byte: 0 });
        moveTo(here, begun);
        moveTo(last, begun);
      }
      readTo(start + 1);
      moveTo(begun, last);
      readTo(end);
      if (here.byte < end) return [word.origin + start, word.origin + end];
      return originalRange(word, begun.unit, here.unit);
    },
  };
}

function moveTo(place: Place, { unit, byte }: Place): void {
  place.unit = unit;
  place.byte = byte;
}
