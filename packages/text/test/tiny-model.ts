import { pieceType, type SentencePiece, writeModelProto } from '../src/sentencepiece/model-proto';
import { createWireWriter } from '../src/sentencepiece/protobuf';

/** A model of few pieces with the trainer's and normalizer's numbers that a test needs. */
export function tinyModel(
  pieces: readonly (readonly [piece: string, score: number, type?: number])[],
  trainer: Readonly<Record<number, number>>,
  normalizer: Readonly<Record<number, number>> = {},
): Uint8Array {
  const message = (fields: Readonly<Record<number, number>>) => {
    const writer = createWireWriter();
    for (const [number, value] of Object.entries(fields)) writer.varint(Number(number), value);
    return writer.done();
  };
  const list: SentencePiece[] = pieces.map(([piece, score, type = pieceType.normal]) => ({ piece, score, type }));
  const field = (number: number, bytes: Uint8Array) => ({ number, type: 2, value: 0, bytes });
  return writeModelProto({ pieces: list, others: [field(2, message(trainer)), field(3, message(normalizer))] });
}
