import { utf8Encode, utf8Length } from '../bytes/utf8';
import { advanceInSteps, type Parts } from '../tokenizer/steps';
import { type FoundPiece, idOfPiece, type PieceVocabulary } from './vocabulary';

/** A text cut into user-defined symbols and single characters. */
export interface SymbolParts {
  /** UTF-16 units, with one more entry for the end. */
  readonly starts: Int32Array;
  /** 1 for symbols. */
  readonly isSymbol: Uint8Array;
  count: number;
}

/** Cuts a text; `advance` goes on to a place and is true at the end. */
export function beginSymbols({ matcher }: Pick<PieceVocabulary, 'matcher'>, text: string) {
  const parts: SymbolParts = {
    starts: new Int32Array(text.length + 1),
    isSymbol: new Uint8Array(text.length),
    count: 0,
  };
  const bytes = matcher ? utf8Encode(text) : undefined;
  let byte = 0;
  let start = 0;
  const advance = (until: number): boolean => {
    while (start < Math.min(until, text.length)) {
      const symbol = bytes && matcher ? matcher.longest(bytes, byte) : 0;
      parts.starts[parts.count] = start;
      parts.isSymbol[parts.count++] = Number(symbol > 0);
      let length = 0;
      // A symbol covers whole characters.
      do {
        const codePoint = text.codePointAt(start)!;
        start += codePoint > 0xffff ? 2 : 1;
        length += utf8Length(codePoint);
      } while (length < symbol);
      byte += length;
    }
    parts.starts[parts.count] = text.length;
    return start >= text.length;
  };
  return { parts, advance };
}

/** Pieces given at once. */
export const piecesAtOnce = 1 << 12;

/** Every character is a piece. */
export function* characterParts(vocabulary: PieceVocabulary, text: string): Parts<readonly FoundPiece[]> {
  const { parts, advance } = beginSymbols(vocabulary, text);
  yield* advanceInSteps(advance);
  for (let from = 0; from < parts.count; from += piecesAtOnce) {
    const found: FoundPiece[] = [];
    for (let index = from; index < Math.min(parts.count, from + piecesAtOnce); index += 1) {
      const [start, end] = [parts.starts[index]!, parts.starts[index + 1]!];
      found.push({ start, end, id: idOfPiece(vocabulary, text.slice(start, end)) });
    }
    yield found;
  }
}

/** Every word with the marker before it is a piece. */
export function* wordParts(vocabulary: PieceVocabulary, text: string): Parts<readonly FoundPiece[]> {
  let found: FoundPiece[] = [];
  for (let start = 0; start < text.length;) {
    const next = text.indexOf('\u2581', start + 1);
    const end = next < 0 ? text.length : next;
    found.push({ start, end, id: idOfPiece(vocabulary, text.slice(start, end)) });
    start = end;
    if (found.length < piecesAtOnce) continue;
    yield found;
    found = [];
  }
  yield found;
}
