import { readByteToken } from '../bytes/byte-alphabet';
import { sequenceLength, utf8Decode, utf8Encode, utf8DecodeStrict } from '../bytes/utf8';
import type { StreamDecoder } from '../tokenizer/text-model';
import { readCharsmap } from './charsmap';
import { type NormalizerFacts, pieceType } from './model-proto';
import { normalizeBytes } from './normalize';
import { idOfPiece, type PieceVocabulary } from './vocabulary';

const marker = '\u2581';

/** A decoder of pieces that come one after the other. */
export function createPieceDecoder(vocabulary: PieceVocabulary): StreamDecoder {
  const { file } = vocabulary;
  const { addDummyPrefix, removeExtraWhitespaces } = file.normalizer;
  const denormalize = file.denormalizer && createDenormalizer(file.denormalizer);
  let bytes: number[] = [];
  let expectsMarker = true;
  let hasSeenMarker = false;
  let hasText = false;
  /** Only where a denormalizer has to see the whole text. */
  let whole = '';

  const emit = (text: string): string => {
    if (text !== '') hasText = true;
    if (!denormalize) return text;
    whole += text;
    return '';
  };
  const flushBytes = (isLast: boolean): string => {
    const { text, left } = decodeBytes(Uint8Array.from(bytes), isLast);
    bytes = left;
    return emit(text);
  };
  const decodePiece = (piece: string, id: number): string => {
    const { type } = file.pieces[id]!;
    hasSeenMarker = false;
    if (type === pieceType.control) return '';
    if (type === pieceType.unknown) return file.pieces[id]!.piece === piece ? file.trainer.unknownSurface : piece;
    let text = piece;
    if (expectsMarker && (addDummyPrefix || removeExtraWhitespaces) && text.startsWith(marker)) {
      text = text.slice(marker.length);
      hasSeenMarker = !removeExtraWhitespaces;
    }
    return text.replaceAll(marker, ' ');
  };

  return {
    push(given) {
      const { piece } = file.pieces[given]!;
      const id = idOfPiece(vocabulary, piece);
      if (file.pieces[id]!.type === pieceType.byte) {
        bytes.push(readByteToken(piece));
        return flushBytes(false);
      }
      const before = flushBytes(true);
      if (hasSeenMarker || hasText) expectsMarker = false;
      return before + emit(decodePiece(piece, id));
    },
    end() {
      const rest = flushBytes(true);
      return denormalize ? denormalize(whole) : rest;
    },
  };
}

/** Characters as far as they are whole; a byte that can be part of none is U+FFFD. */
function decodeBytes(bytes: Uint8Array, isLast: boolean): { readonly text: string; readonly left: number[] } {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const length = sequenceLength(bytes[at]!);
    // What is not there yet may still come; what is there may already be wrong.
    const character =
      length > 0 && at + length <= bytes.length ? utf8DecodeStrict(bytes.subarray(at, at + length)) : undefined;
    if (character === undefined && !isLast && length > 0 && at + length > bytes.length) break;
    text += character ?? '\ufffd';
    at += character === undefined ? 1 : length;
  }
  return { text, left: [...bytes.subarray(at)] };
}

/** Normalization of decoded text, which few models have. */
function createDenormalizer(facts: NormalizerFacts): (text: string) => string {
  const charsmap = readCharsmap(facts.charsmap, 'denormalizer_spec');
  const normalizer = { facts, charsmap, matcher: undefined, isSuffix: false };
  return (text) => utf8Decode(normalizeBytes(normalizer, utf8Encode(text)).bytes);
}
