import type { RandomSource } from '@tesserae/core/data';
import type { Scanner } from '../scanner/scanner';
import type { ByteVocabulary } from './byte-vocabulary';
import { mergeWithDropout } from './dropout';
import { createIdSink, type IdSink, pushId, reserveIds } from './id-sink';
import { createPairTable } from './pair-table';
import { createPieceEncoder, encodePiece, type PieceEncoder, readPiece, worthSymbols } from './piece-encoder';
import { joinTokenBytes } from './token-bytes';
import { copyUnits, createTextWindow, fillWindow, type TextWindow } from './windows';

/** Byte-pair encoding of texts: a scanner cuts pieces, merges make tokens of them. */
export interface Bpe {
  readonly scanner: Scanner;
  readonly encoder: PieceEncoder;
  readonly window: TextWindow;
}

const everyKind =
  "The quick 12345 don't DON'T ABC漢字 a\u0301\u0301 \u0301x\u0301X 😀𐐀b ١٢ \r\n\n  x\u00a0y !!\n/ --a_b  \t\n \0q  ";

/** Takes every way through a scanner before it is optimized, so that no rare character makes the code worthless. */
function exerciseScanner(scanner: Scanner, window: TextWindow): void {
  copyUnits(window, everyKind, 0, everyKind.length);
  for (let round = 0; round < 2; round += 1) {
    for (let limit = window.length - 1; limit > 0; limit -= 1) {
      for (let position = 0; position < limit;) position = scanner(window.units, position, limit);
    }
  }
}

const settled: Bpe[] = [];

/**
 * V8 takes the fields of objects for constant until the place that makes them runs a second time, and throws away the
 * code that it optimized until then; it also throws it away when the last object of a kind is gone. Two small ones at
 * the beginning, which stay, keep that from happening to later tokenizers.
 */
function settleObjects(): void {
  if (settled.length > 0) return;
  const none = joinTokenBytes(Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)));
  const wholeTokens = joinTokenBytes([]);
  for (let round = 0; round < 2; round += 1) {
    const byteIds = Int32Array.from({ length: 256 }, (_, byte) => byte);
    const vocabulary = { tokens: none, count: 256, wholeTokens, byteIds, pairs: createPairTable(0) };
    settled.push({
      scanner: (_units, _start, limit) => limit,
      encoder: createPieceEncoder(vocabulary),
      window: createTextWindow(),
    });
    const bpe = settled.at(-1)!;
    bpe.encoder.others = worthSymbols;
    const sink = createIdSink(4);
    for (const text of ['ab', 'éé', 'éa']) appendTokens(bpe, text, 0, text.length, sink);
  }
}

export function createBpe(vocabulary: ByteVocabulary, scanner: Scanner): Bpe {
  settleObjects();
  const window = createTextWindow();
  exerciseScanner(scanner, window);
  return { scanner, encoder: createPieceEncoder(vocabulary), window };
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
    let { ids, count } = sink;
    for (let position = 0; position < length;) {
      const end = scanner(units, position, length);
      const value = encodePiece(encoder, window, position, end);
      position = end;
      if (value >= 0) {
        if (count === ids.length) ids = growIds(sink, count, 1);
        ids[count++] = value;
      } else {
        const { results } = encoder.table;
        const added = results[~value]!;
        if (count + added > ids.length) ids = growIds(sink, count, added);
        for (let index = 1; index <= added; index += 1) ids[count++] = results[~value + index]!;
      }
      if (pieceEnds) pushId(pieceEnds, count);
    }
    sink.count = count;
  }
}

function growIds(sink: IdSink, count: number, more: number): Int32Array {
  sink.count = count;
  reserveIds(sink, more);
  return sink.ids;
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
