import { writeUtf8 } from '../bytes/utf8';
import type { ByteVocabulary } from './byte-vocabulary';
import { besideAscii, type CharacterSymbols, characterPlace, createCharacterSymbols } from './character-symbols';
import { createMergeSpace, type MergeSpace, mergeTokens, reserveMergeSpace } from './merge';
import { createPieceTable, findPiece, keepPiece, type PieceTable, valueAt } from './piece-table';
import type { TextWindow } from './windows';

/** Turns pieces of text into tokens of one vocabulary, and remembers them. */
export interface PieceEncoder {
  readonly vocabulary: ByteVocabulary;
  readonly table: PieceTable;
  readonly space: MergeSpace;
  bytes: Uint8Array;
  /** Undefined until there are some characters that are not ASCII. */
  symbols: CharacterSymbols | undefined;
  /** Characters that are not ASCII, as long as `symbols` is undefined. */
  others: number;
}

export function createPieceEncoder(vocabulary: ByteVocabulary): PieceEncoder {
  return {
    vocabulary,
    table: createPieceTable(vocabulary.wholeTokens),
    space: createMergeSpace(),
    bytes: new Uint8Array(1024),
    symbols: undefined,
    others: 0,
  };
}

/**
 * Tokens of the piece `start..end` of a window.
 *
 * @returns An id, or `~offset`: at that offset of `table.results` is the number of tokens, then come their ids. They
 * hold until the next call.
 */
export function encodePiece(encoder: PieceEncoder, window: TextWindow, start: number, end: number): number {
  const { table } = encoder;
  const found = findPiece(table, window, start, end);
  return found >= 0 ? table.slots[found + valueAt]! : encodeNewPiece(encoder, found, window, start, end);
}

function encodeNewPiece(encoder: PieceEncoder, slot: number, window: TextWindow, start: number, end: number): number {
  const { space, table } = encoder;
  const count = mergeTokens(space, readSymbols(encoder, window.units, start, end), encoder.vocabulary.pairs);
  return keepPiece(table, slot, window, start, end, space.ids, count);
}

/** So many characters that are not ASCII pay for {@link createCharacterSymbols}. */
export const worthSymbols = 8000;

/** Puts what the characters of a piece become by themselves into `space.ids`, and gives the number of symbols. */
function readSymbols(encoder: PieceEncoder, units: Uint16Array, start: number, end: number): number {
  const { space, vocabulary } = encoder;
  const { byteIds } = vocabulary;
  reserveMergeSpace(space, (end - start) * 3);
  const { ids } = space;
  let index = start;
  for (; index < end && units[index]! < 0x80; index += 1) ids[index - start] = byteIds[units[index]!]!;
  if (index === end) return end - start;
  if (!encoder.symbols) {
    encoder.others += end - index;
    if (encoder.others < worthSymbols) return readPiece(encoder, units, start, end);
    encoder.symbols = createCharacterSymbols(vocabulary);
  }
  return readCharacters(encoder, encoder.symbols, units, start, end);
}

function readCharacters(
  encoder: PieceEncoder,
  symbols: CharacterSymbols,
  units: Uint16Array,
  start: number,
  end: number,
): number {
  const { ids } = encoder.space;
  const { byteIds } = encoder.vocabulary;
  let count = 0;
  let previous = 0x80;
  for (let index = start; index < end; index += 1) {
    const unit = units[index]!;
    if (unit < 0x80) {
      ids[count++] = byteIds[unit]!;
    } else {
      // Four bytes of two units.
      if ((unit & 0xf800) === 0xd800) return readPiece(encoder, units, start, end);
      const isBesideAscii = previous < 0x80 || (index + 1 < end && units[index + 1]! < 0x80);
      const place = characterPlace(symbols, unit, isBesideAscii ? besideAscii : 0);
      const { list } = symbols;
      const last = place + list[place]!;
      for (let at = place + 1; at <= last; at += 1) ids[count++] = list[at]!;
    }
    previous = unit;
  }
  return count;
}

/** Puts the bytes of a piece into `space.ids` as single-byte tokens, and gives their number. */
export function readPiece(encoder: PieceEncoder, units: Uint16Array, start: number, end: number): number {
  const most = (end - start) * 3;
  if (encoder.bytes.length < most) encoder.bytes = new Uint8Array(most * 2);
  return readBytes(encoder, encoder.bytes, writeUtf8(units, start, end, encoder.bytes));
}

/** The same for bytes. */
export function readBytes(
  { space, vocabulary }: Pick<PieceEncoder, 'space' | 'vocabulary'>,
  bytes: Uint8Array,
  length: number,
): number {
  reserveMergeSpace(space, length);
  const { ids } = space;
  for (let index = 0; index < length; index += 1) ids[index] = vocabulary.byteIds[bytes[index]!]!;
  return length;
}
