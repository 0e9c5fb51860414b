import { writeUtf8 } from '../bytes/utf8';
import type { ByteVocabulary } from './byte-vocabulary';
import { createMergeSpace, type MergeSpace, mergeTokens, reserveMergeSpace } from './merge';
import { createPieceTable, findPiece, hashUnits, keepPiece, type PieceTable } from './piece-table';

/** Turns pieces of text into tokens of one vocabulary, and remembers them. */
export interface PieceEncoder {
  readonly vocabulary: ByteVocabulary;
  readonly table: PieceTable;
  readonly space: MergeSpace;
  bytes: Uint8Array;
}

export interface PieceEncoderOptions {
  /**
   * True: a piece that is a token is that token, whatever merging would give, as in rank files and with
   * `ignore_merges`. Default true.
   */
  readonly wholePieces?: boolean;
}

export function createPieceEncoder(
  vocabulary: ByteVocabulary,
  { wholePieces = true }: PieceEncoderOptions = {},
): PieceEncoder {
  return {
    vocabulary,
    table: createPieceTable(wholePieces ? vocabulary.tokens : undefined),
    space: createMergeSpace(),
    bytes: new Uint8Array(1024),
  };
}

/**
 * Tokens of the piece `units[start .. end]`, which holds no lone surrogates.
 *
 * @returns An id, or `~offset`: at that offset of `table.results` is the number of tokens, then come their ids. They
 * hold until the next call.
 */
export function encodePiece(encoder: PieceEncoder, units: Uint16Array, start: number, end: number): number {
  const { table } = encoder;
  const hash = hashUnits(units, start, end);
  const found = findPiece(table, hash, units, start, end);
  if (found >= 0) return table.slots[found + 3]!;
  const { space } = encoder;
  const count = mergeTokens(space, readPiece(encoder, units, start, end), encoder.vocabulary.pairs);
  return keepPiece(table, hash, units, start, end, space.ids, count);
}

/** Puts the bytes of a piece into `space.ids` as single-byte tokens, and gives their number. */
export function readPiece(encoder: PieceEncoder, units: Uint16Array, start: number, end: number): number {
  const most = (end - start) * 3;
  if (encoder.bytes.length < most) encoder.bytes = new Uint8Array(most * 2);
  return readBytes(encoder, encoder.bytes, writeUtf8(units, start, end, encoder.bytes));
}

/** The same for bytes. */
export function readBytes({ space, vocabulary }: PieceEncoder, bytes: Uint8Array, length: number): number {
  reserveMergeSpace(space, length);
  const { ids } = space;
  for (let index = 0; index < length; index += 1) ids[index] = vocabulary.byteIds[bytes[index]!]!;
  return length;
}
