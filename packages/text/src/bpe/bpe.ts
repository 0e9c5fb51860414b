import type { RandomSource } from '@tesserae/core/data';
import type { Scanner } from '../scanner/scanner';
import type { ByteVocabulary } from './byte-vocabulary';
import { mergeWithDropout } from './dropout';
import { type IdSink, pushId, reserveIds } from './id-sink';
import { createPieceEncoder, encodePiece, type PieceEncoder, readPiece } from './piece-encoder';
import { createTextWindow, fillWindow, type TextWindow } from './windows';

/** Byte-pair encoding of texts: a scanner cuts pieces, merges make tokens of them. */
export interface Bpe {
  readonly scanner: Scanner;
  readonly encoder: PieceEncoder;
  readonly window: TextWindow;
}

export function createBpe(vocabulary: ByteVocabulary, scanner: Scanner): Bpe {
  return { scanner, encoder: createPieceEncoder(vocabulary), window: createTextWindow() };
}

/**
 * Appends the tokens of `text[start .. limit]`, which is encoded as if nothing stood around it.
 *
 * @param pieceEnds - Receives the number of ids after each piece.
 */
export function appendTokens(
  bpe: Bpe,
  text: string,
  start: number,
  limit: number,
  sink: IdSink,
  pieceEnds?: IdSink,
): void {
  const { scanner, encoder, window } = bpe;
  for (let from = start; from < limit;) {
    from = fillWindow(window, text, from, limit);
    const { units, length } = window;
    reserveIds(sink, length + 16);
    for (let position = 0; position < length;) {
      const end = scanner(units, position, length);
      const value = encodePiece(encoder, window, position, end);
      position = end;
      if (value >= 0) {
        if (sink.count === sink.ids.length) reserveIds(sink, 1);
        sink.ids[sink.count++] = value;
      } else {
        const { results } = encoder.table;
        const count = results[~value]!;
        reserveIds(sink, count);
        const { ids } = sink;
        for (let index = 1; index <= count; index += 1) ids[sink.count++] = results[~value + index]!;
      }
      if (pieceEnds) pushId(pieceEnds, sink.count);
    }
  }
}

/** Like {@link appendTokens} with BPE-dropout: nothing is remembered, and no piece is a token as a whole. */
export function appendWithDropout(
  bpe: Bpe,
  text: string,
  start: number,
  limit: number,
  sink: IdSink,
  dropout: { readonly probability: number; readonly random: RandomSource },
  pieceEnds?: IdSink,
): void {
  const { scanner, encoder, window } = bpe;
  for (let from = start; from < limit;) {
    from = fillWindow(window, text, from, limit);
    const { units, length } = window;
    for (let position = 0; position < length;) {
      const end = scanner(units, position, length);
      const bytes = readPiece(encoder, units, position, end);
      const { space, vocabulary } = encoder;
      const count = mergeWithDropout(space, bytes, vocabulary.pairs, dropout.probability, dropout.random);
      for (let index = 0; index < count; index += 1) pushId(sink, space.ids[index]!);
      if (pieceEnds) pushId(pieceEnds, sink.count);
      position = end;
    }
  }
}

/**
 * Number of tokens of `text[start .. limit]`.
 *
 * @param most - Counting stops as soon as there are more; the result is then larger than `most`.
 */
export function countTokens(bpe: Bpe, text: string, start: number, limit: number, most = Infinity): number {
  const { scanner, encoder, window } = bpe;
  let total = 0;
  for (let from = start; from < limit;) {
    from = fillWindow(window, text, from, limit);
    const { units, length } = window;
    for (let position = 0; position < length;) {
      const end = scanner(units, position, length);
      const value = encodePiece(encoder, window, position, end);
      position = end;
      total += value >= 0 ? 1 : encoder.table.results[~value]!;
      if (total > most) return total;
    }
  }
  return total;
}
