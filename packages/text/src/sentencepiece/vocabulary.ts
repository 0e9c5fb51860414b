import { ConfigError } from '@tesserae/core/data';
import { byteToken } from '../bytes/byte-alphabet';
import { utf8TextLength } from '../bytes/utf8';
import { pieceType, type SentencePieceFile } from './model-proto';
import { createSymbolMatcher, type SymbolMatcher } from './symbol-matcher';

/** Pieces of a model by text and by id. */
export interface PieceVocabulary {
  readonly file: SentencePieceFile;
  /** Normal, user-defined and unused pieces. */
  readonly ids: ReadonlyMap<string, number>;
  /** Control, unknown and byte pieces. */
  readonly reserved: ReadonlyMap<string, number>;
  readonly unknownId: number;
  /** Bytes of each piece. */
  readonly lengths: Int32Array;
  /** Id of each byte; undefined without byte fallback. */
  readonly byteIds: Int32Array | undefined;
  readonly matcher: SymbolMatcher | undefined;
  /** Smallest score of normal pieces. */
  readonly minimumScore: number;
}

/**
 * @throws {ConfigError} A piece that is empty or comes twice; none or two unknown pieces; missing bytes.
 */
export function createPieceVocabulary(file: SentencePieceFile, name: string): PieceVocabulary {
  const ids = new Map<string, number>();
  const reserved = new Map<string, number>();
  let unknownId = -1;
  let minimumScore = Infinity;
  for (const [id, { piece, score, type }] of file.pieces.entries()) {
    const place = `${name}: pieces[${id}]`;
    if (piece === '') throw new ConfigError(place, 'a piece', 'an empty one');
    const map = isOrdinary(type) ? ids : reserved;
    if (map.has(piece)) throw new ConfigError(place, 'each piece once', `${JSON.stringify(piece)} again`);
    map.set(piece, id);
    if (type === pieceType.unknown) {
      if (unknownId >= 0) throw new ConfigError(place, 'one unknown piece', 'a second one');
      unknownId = id;
    }
    if (type === pieceType.normal) minimumScore = Math.min(minimumScore, score);
  }
  if (unknownId < 0) throw new ConfigError(name, 'an unknown piece', 'none');
  const symbols = file.pieces.filter(({ type }) => type === pieceType.userDefined).map(({ piece }) => piece);
  return {
    file,
    ids,
    reserved,
    unknownId,
    lengths: Int32Array.from(file.pieces, ({ piece }) => utf8TextLength(piece)),
    byteIds: file.trainer.byteFallback ? findBytes(reserved, name) : undefined,
    matcher: createSymbolMatcher(symbols),
    minimumScore,
  };
}

const isOrdinary = (type: number): boolean =>
  type === pieceType.normal || type === pieceType.userDefined || type === pieceType.unused;

function findBytes(reserved: ReadonlyMap<string, number>, name: string): Int32Array {
  return Int32Array.from({ length: 256 }, (_, byte) => {
    const id = reserved.get(byteToken(byte));
    if (id === undefined) throw new ConfigError(name, 'all 256 byte pieces', `no ${byteToken(byte)}`);
    return id;
  });
}

/** Id of a piece; the unknown one for all others. */
export const idOfPiece = ({ ids, reserved, unknownId }: PieceVocabulary, piece: string): number =>
  reserved.get(piece) ?? ids.get(piece) ?? unknownId;

/** A stretch of normalized text that a model found, in UTF-16 units, and its id. */
export interface FoundPiece {
  readonly start: number;
  readonly end: number;
  readonly id: number;
}
