import { pieceType, type SentencePiece, writeModelProto } from '../sentencepiece/model-proto';
import { createWireWriter } from '../sentencepiece/protobuf';

/** Pieces and their scores, as `trainUnigram` of `@tesserae/text/train` gives them. */
export interface ScoredPieces {
  /** Without special pieces; spaces shown as `▁`. */
  readonly pieces: readonly (readonly [piece: string, score: number])[];
}

const specials: readonly SentencePiece[] = [
  { piece: '<unk>', score: 0, type: pieceType.unknown },
  { piece: '<s>', score: 0, type: pieceType.control },
  { piece: '</s>', score: 0, type: pieceType.control },
];

/**
 * A SentencePiece `.model` file for words and parts of words, with the settings of the tokenizers of CompoundPiece
 * (arXiv 2305.14214): a Unigram model that puts no space in front of a text and keeps all spaces. Text has to be in NFKC.
 *
 * @throws {ConfigError} When it is read: pieces that are empty or come twice.
 */
export function compoundModelFile({ pieces }: ScoredPieces): Uint8Array {
  const trainer = createWireWriter();
  trainer.varint(3, 1);
  const normalizer = createWireWriter();
  normalizer.bytes(1, new TextEncoder().encode('identity'));
  for (const field of [3, 4]) normalizer.varint(field, 0);
  const others = [trainer, normalizer].map((writer, place) => ({
    number: 2 + place,
    type: 2,
    value: 0,
    bytes: writer.done(),
  }));
  const own = pieces.map(([piece, score]) => ({ piece, score, type: pieceType.normal }));
  return writeModelProto({ pieces: [...specials, ...own], others });
}
