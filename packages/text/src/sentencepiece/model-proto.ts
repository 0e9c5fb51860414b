import { ConfigError } from '@tesserae/core/data';
import { utf8Decode, utf8Encode } from '../bytes/utf8';
import { createWireWriter, floatOf, readFields, type WireField } from './protobuf';

/** What a piece is; the numbers are those of the file. */
export const pieceType = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

export interface SentencePiece {
  readonly piece: string;
  /** Log probability, or for BPE minus the order of merging; float32. */
  readonly score: number;
  /** {@link pieceType}. */
  readonly type: number;
}

/** What training says that encoding needs. */
export interface TrainerFacts {
  readonly modelType: 'unigram' | 'bpe' | 'word' | 'char';
  readonly treatWhitespaceAsSuffix: boolean;
  readonly byteFallback: boolean;
  readonly unknownId: number;
  /** -1: none, as for the next two. */
  readonly beginId: number;
  readonly endId: number;
  readonly paddingId: number;
  readonly unknownSurface: string;
}

/** How text is normalized. */
export interface NormalizerFacts {
  readonly name: string;
  readonly charsmap: Uint8Array;
  readonly addDummyPrefix: boolean;
  readonly removeExtraWhitespaces: boolean;
  readonly escapeWhitespaces: boolean;
}

/** A `.model` file, read. The messages that are not needed stay as they were. */
export interface SentencePieceFile {
  readonly pieces: readonly SentencePiece[];
  readonly trainer: TrainerFacts;
  readonly normalizer: NormalizerFacts;
  readonly denormalizer: NormalizerFacts | undefined;
  /** Fields other than pieces, in order. */
  readonly others: readonly WireField[];
}

const modelTypes = ['unigram', 'bpe', 'word', 'char'] as const;

/**
 * Reads a SentencePiece `.model` file (`ModelProto`).
 *
 * @param name - For errors.
 * @throws {ConfigError} The bytes are no such file.
 */
export function readModelProto(file: Uint8Array, name: string): SentencePieceFile {
  const pieces: SentencePiece[] = [];
  const others: WireField[] = [];
  for (const field of readFields(file, name)) {
    if (field.number === 1 && field.type === 2)
      pieces.push(readPiece(field.bytes, `${name}: pieces[${pieces.length}]`));
    else others.push(field);
  }
  if (pieces.length === 0) throw new ConfigError(name, 'a SentencePiece model with pieces', 'none');
  const message = (number: number) => others.findLast((field) => field.number === number && field.type === 2)?.bytes;
  const denormalizer = message(5);
  return {
    pieces,
    trainer: readTrainer(message(2) ?? new Uint8Array(), `${name}: trainer_spec`),
    normalizer: readNormalizerFacts(message(3) ?? new Uint8Array(), `${name}: normalizer_spec`),
    denormalizer: denormalizer && readNormalizerFacts(denormalizer, `${name}: denormalizer_spec`),
    others,
  };
}

function readPiece(message: Uint8Array, name: string): SentencePiece {
  const fields = readFields(message, name);
  const piece = last(fields, 1, 2);
  const score = last(fields, 2, 5);
  return {
    piece: piece ? utf8Decode(piece.bytes) : '',
    score: score ? floatOf(score) : 0,
    type: last(fields, 3, 0)?.value ?? pieceType.normal,
  };
}

const last = (fields: readonly WireField[], number: number, type: number): WireField | undefined =>
  fields.findLast((field) => field.number === number && field.type === type);

function readTrainer(message: Uint8Array, name: string): TrainerFacts {
  const fields = readFields(message, name);
  const integer = (number: number, fallback: number) => last(fields, number, 0)?.value ?? fallback;
  const type = integer(3, 1);
  const modelType = modelTypes[type - 1];
  if (!modelType) throw new ConfigError(`${name}.model_type`, '1..4', String(type));
  const surface = last(fields, 44, 2);
  return {
    modelType,
    treatWhitespaceAsSuffix: integer(24, 0) !== 0,
    byteFallback: integer(35, 0) !== 0,
    unknownId: integer(40, 0),
    beginId: integer(41, 1),
    endId: integer(42, 2),
    paddingId: integer(43, -1),
    unknownSurface: surface ? utf8Decode(surface.bytes) : ' \u2047 ',
  };
}

function readNormalizerFacts(message: Uint8Array, name: string): NormalizerFacts {
  const fields = readFields(message, name);
  const flag = (number: number) => (last(fields, number, 0)?.value ?? 1) !== 0;
  const text = last(fields, 1, 2);
  return {
    name: text ? utf8Decode(text.bytes) : '',
    charsmap: last(fields, 2, 2)?.bytes ?? new Uint8Array(),
    addDummyPrefix: flag(3),
    removeExtraWhitespaces: flag(4),
    escapeWhitespaces: flag(5),
  };
}

/** Writes a `.model` file: pieces first, then the other messages as they were read. */
export function writeModelProto({ pieces, others }: Pick<SentencePieceFile, 'pieces' | 'others'>): Uint8Array {
  const writer = createWireWriter();
  for (const { piece, score, type } of pieces) {
    const message = createWireWriter();
    message.bytes(1, utf8Encode(piece));
    message.float(2, score);
    if (type !== pieceType.normal) message.varint(3, type);
    writer.bytes(1, message.done());
  }
  for (const { number, type, value, bytes } of others) {
    if (type === 2) writer.bytes(number, bytes);
    else if (type === 0) writer.varint(number, value);
    else throw new ConfigError(`field ${number}`, 'a number or bytes at the top of a model', `wire type ${type}`);
  }
  return writer.done();
}
