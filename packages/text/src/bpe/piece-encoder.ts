import { writeUtf8 } from '../bytes/utf8';
import type { ByteVocabulary } from './byte-vocabulary';
import { createMergeSpace, type MergeSpace, mergeTokens, reserveMergeSpace } from './merge';
import { createPieceTable, findPiece, keepPiece, type PieceTable, valueAt } from './piece-table';
import type { TextWindow } from './windows';

/** Turns pieces of text into tokens of one vocabulary, and remembers them. */
export interface PieceEncoder {
  readonly vocabulary: ByteVocabulary;
  readonly table: PieceTable;
  readonly space: MergeSpace;
  bytes: Uint8Array;
}

export function createPieceEncoder(vocabulary: ByteVocabulary): PieceEncoder {
  return {
    vocabulary,
    table: createPieceTable(vocabulary.wholeTokens),
    space: createMergeSpace(),
    bytes: new Uint8Array(1024),
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
  const count = mergeTokens(space, readPiece(encoder, window.units, start, end), encoder.vocabulary.pairs);
  return keepPiece(table, slot, window, start, end, space.ids, count);
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
