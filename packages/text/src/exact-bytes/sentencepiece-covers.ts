import { InputError } from '@tesserae/core/data';
import { readByteToken } from '../bytes/byte-alphabet';
import { incompleteTail } from '../bytes/incomplete-tail';
import { sequenceLength, utf8Decode, utf8Encode } from '../bytes/utf8';
import { createPrefixIndex } from '../gfd/prefix-index';
import { pieceType } from '../sentencepiece/model-proto';
import type { SentencePieceTokenizer } from '../sentencepiece/sentencepiece';
import type { CoverTokenizer, TokenTest } from './cover-tokenizer';
import { isLeadByte, nextByteRange } from './next-bytes';

export interface SentencePieceCoverOptions {
  /** What stands in front of every text. Default: the begin token, where the model has one. */
  readonly begin?: readonly number[];
}

const space = '▁';

/**
 * A SentencePiece model with byte fallback for byte-level probabilities, by the rules of the official code of "Exact
 * Byte-Level Probabilities from Tokenized Language Models" (arXiv 2410.09303): spaces are the three bytes of `▁`, words
 * begin with them, symbols 256..258 are the unknown, begin and end token, and the other special pieces come behind them.
 *
 * @throws {InputError} The model has no byte pieces.
 */
export function sentencePieceCovers(
  tokenizer: SentencePieceTokenizer,
  options: SentencePieceCoverOptions = {},
): CoverTokenizer {
  const { pieces, trainer } = tokenizer.file;
  const bytes = Int16Array.from(pieces, ({ piece, type }) => (type === pieceType.byte ? readByteToken(piece) : -1));
  const byteIds = new Int32Array(256).fill(-1);
  for (const [id, byte] of bytes.entries()) if (byte >= 0) byteIds[byte] = id;
  if (byteIds.includes(-1)) throw new InputError('tokenizer', 'a model with byte fallback', 'one without');
  const index = createPrefixIndex(
    pieces.map(({ piece, type }, id) => {
      if (bytes[id]! >= 0) return Uint8Array.of(bytes[id]!);
      return isSpecial(type) ? new Uint8Array(0) : utf8Encode(piece);
    }),
  );
  const encode = (text: string) => [...tokenizer.encode(text, { specials: 'ordinary' }).ids];
  const prefix = trainer.treatWhitespaceAsSuffix || !tokenizer.normalize('a').startsWith(space) ? '' : space;
  const named = [trainer.unknownId, trainer.beginId, trainer.endId].filter((id) => pieces[id] !== undefined);
  const others = pieces.flatMap(({ type }, id) => (isSpecial(type) && !named.includes(id) ? [id] : []));

  const joinsWords = pieces.some(({ piece, type }) => !isSpecial(type) && /[^▁]▁/u.test(piece));
  const words: WordFinder = {
    starts: (id) => startsWord(pieces[id]!.piece),
    ends: (id) => endsWord(pieces[id]!.piece),
  };
  // The space that is put in front of every text is no text by itself.
  const isPrefix = (ids: readonly number[]) => prefix !== '' && ids.length === 1 && pieces[ids[0]!]!.piece === prefix;
  const isStable = (ids: readonly number[]) => isPrefix(ids) || isSame(encode(tokenizer.decode(ids)), ids);
  const followCharacter = (ids: readonly number[]): TokenTest => {
    const word = joinsWords ? ids : ids.slice(wordStart(words, ids));
    // Without a prefix a space at the beginning may be taken away, so that only whole texts can be compared.
    const tail = word.length < ids.length && prefix === '' && !isStable(word) ? ids : word;
    return (id) => {
      if (isSpecial(pieces[id]!.type) || (bytes[id]! >= 0 && isLeadByte(bytes[id]!))) return true;
      return !(bytes[id]! > 0x7f) && isStable([...tail, id]);
    };
  };
  const followBytes = (open: readonly number[]): TokenTest => {
    const { low, high } = nextByteRange(open);
    const isLast = sequenceLength(open[0]!) === open.length + 1;
    return (id) => {
      const byte = bytes[id]!;
      if (byte < low || byte > high) return false;
      if (!isLast) return true;
      // A character that is a piece is never written in bytes.
      const own = tokenizer.tokenToId(utf8Decode(Uint8Array.of(...open, byte)));
      return own === undefined || own === trainer.unknownId;
    };
  };
  return {
    index,
    byteIds,
    specials: [...named, ...others],
    begin: options.begin ?? [trainer.beginId].filter((id) => pieces[id] !== undefined),
    bytesOf: (text) => utf8Encode(text === '' ? '' : prefix + text.replaceAll(' ', space)),
    divide(text) {
      const seen = text.replaceAll(' ', space);
      for (let at = joinsWords ? 0 : seen.length - 1; at > 0; at -= 1) {
        if (seen[at] === space && seen[at - 1] !== space) return encode(seen.slice(0, at));
      }
      return [];
    },
    follow(ids) {
      const open = openBytes(ids, bytes);
      return open.length === 0 ? followCharacter(ids) : followBytes(open);
    },
  };
}

const isSpecial = (type: number): boolean =>
  type === pieceType.control || type === pieceType.unknown || type === pieceType.unused;

const startsWord = (piece: string): boolean => piece.startsWith(space);
const endsWord = (piece: string): boolean => piece.endsWith(space);

interface WordFinder {
  readonly starts: (id: number) => boolean;
  /** True where the token ends with a space. */
  readonly ends: (id: number) => boolean;
}

/** Where the last word begins: at a space behind what is no space. */
function wordStart({ starts, ends }: WordFinder, ids: readonly number[]): number {
  for (let at = ids.length - 1; at > 0; at -= 1) if (starts(ids[at]!) && !ends(ids[at - 1]!)) return at;
  return 0;
}

/** Bytes of the character that byte tokens at the end have begun. */
function openBytes(ids: readonly number[], bytes: Int16Array): number[] {
  const last: number[] = [];
  for (let at = ids.length - 1; at >= 0 && last.length < 3 && bytes[ids[at]!]! >= 0; at -= 1) {
    last.unshift(bytes[ids[at]!]!);
  }
  return last.slice(last.length - incompleteTail(Uint8Array.from(last)));
}

const isSame = (left: readonly number[], right: readonly number[]): boolean =>
  left.length === right.length && left.every((id, at) => id === right[at]);
