import { utf8Encode } from '../bytes/utf8';
import { type FoundPiece, idOfPiece, type PieceVocabulary } from './vocabulary';

/** Cuts a text into user-defined symbols and single characters, in UTF-16 units. */
export function splitSymbols(
  { matcher }: Pick<PieceVocabulary, 'matcher'>,
  text: string,
): readonly { readonly start: number; readonly end: number; readonly isSymbol: boolean }[] {
  const parts = [];
  const bytes = matcher ? utf8Encode(text) : undefined;
  let byte = 0;
  for (let start = 0; start < text.length;) {
    const symbol = bytes && matcher ? matcher.longest(bytes, byte) : 0;
    let end = start;
    let length = 0;
    // A symbol covers whole characters.
    do {
      const codePoint = text.codePointAt(end)!;
      end += codePoint > 0xffff ? 2 : 1;
      length += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    } while (length < symbol);
    parts.push({ start, end, isSymbol: symbol > 0 });
    byte += length;
    start = end;
  }
  return parts;
}

/** Every character is a piece. */
export function encodeCharacters(vocabulary: PieceVocabulary, text: string): FoundPiece[] {
  return splitSymbols(vocabulary, text).map(({ start, end }) => ({
    start,
    end,
    id: idOfPiece(vocabulary, text.slice(start, end)),
  }));
}

/** Every word with the marker before it is a piece. */
export function encodeWords(vocabulary: PieceVocabulary, text: string): FoundPiece[] {
  const found: FoundPiece[] = [];
  for (let start = 0; start < text.length;) {
    const next = text.indexOf('\u2581', start + 1);
    const end = next < 0 ? text.length : next;
    found.push({ start, end, id: idOfPiece(vocabulary, text.slice(start, end)) });
    start = end;
  }
  return found;
}
