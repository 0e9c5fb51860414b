import { InputError } from '@tesserae/core/data';
import { utf8Encode } from '../bytes/utf8';
import { isBlank } from '../unicode/python-space';
import { splitWords } from '../word-break/split-words';

type PieceKind = 'space' | 'white-space' | 'punctuation' | 'word';

/**
 * Cuts a text into the words of hierarchical autoregressive transformers (arXiv 2501.10322, section 3.1, as
 * `hat-splitter` does it): at word boundaries of Unicode, behind punctuation and where a capital follows a small letter.
 * One space goes with the word behind it, punctuation with what is before it. The words join to the text; what follows a
 * text never changes a word that is followed by another two.
 */
export function hatSplit(text: string): string[] {
  const words: string[] = [];
  let last: PieceKind | undefined;
  for (const piece of joinSpaces(splitWords(text).flatMap(cutInside))) {
    const kind = kindOf(piece);
    const follows = (last === 'space' && kind === 'word') || (kind === 'punctuation' && isOpen(last));
    if (follows) words.push(words.pop()! + piece);
    else words.push(piece);
    last = kind;
  }
  return words;
}

export interface HatByteOptions {
  /** Bytes of a word at most. Default: no limit. */
  readonly maxBytes?: number;
}

/**
 * The same as bytes of UTF-8, long words cut to a limit: between characters where one ends within it.
 *
 * @throws {InputError} A limit below 1.
 */
export function hatSplitBytes(text: string, options: HatByteOptions = {}): Uint8Array[] {
  const { maxBytes = Infinity } = options;
  if (!(maxBytes >= 1)) throw new InputError('maxBytes', 'at least 1 byte', String(maxBytes));
  return hatSplit(text).flatMap((word) => {
    const bytes = utf8Encode(word);
    const parts: Uint8Array[] = [];
    let start = 0;
    while (bytes.length - start > maxBytes) {
      let end = start + Math.floor(maxBytes);
      while (end > start && (bytes[end]! & 0xc0) === 0x80) end -= 1;
      if (end === start) end = start + Math.floor(maxBytes);
      parts.push(bytes.subarray(start, end));
      start = end;
    }
    return [...parts, bytes.subarray(start)];
  });
}

const isOpen = (kind: PieceKind | undefined) => kind === 'space' || kind === 'word' || kind === 'punctuation';

/** Behind every punctuation character, and between a small letter and a capital. */
const cutInside = (word: string): string[] => word.split(/(?<=\p{P})|(?<=\p{Ll})(?=\p{Lu})/u);

/** Spaces in a row as one piece, wherever they were cut apart. */
function joinSpaces(pieces: readonly string[]): string[] {
  const joined: string[] = [];
  for (const piece of pieces) {
    if (piece === ' ' && joined.at(-1)?.endsWith(' ') && /^ +$/u.test(joined.at(-1)!)) joined.push(`${joined.pop()!} `);
    else joined.push(piece);
  }
  return joined;
}

function kindOf(piece: string): PieceKind {
  if (piece === ' ') return 'space';
  if (isBlank(piece)) return 'white-space';
  return /^\p{P}$/u.test(piece) ? 'punctuation' : 'word';
}
