import { writeUtf8 } from '../bytes/utf8';
import { alignText } from '../pipeline/aligned-text';
import { byteRanges } from '../pipeline/byte-ranges';
import { createCollector } from '../pipeline/collector';
import { type Parts, type Steps, stepSize } from '../tokenizer/steps';
import type { SequenceOptions } from '../tokenizer/text-model';
import type { TokenSequence } from '../tokenizer/token-sequence';
import type { Bpe } from './bpe';
import { createMergeSpace, reserveMergeSpace } from './merge';
import { mergeSteps } from './merge-steps';
import { encodePiece } from './piece-encoder';
import { type SpecialTokens, splitAtSpecials } from './special-tokens';
import { copyUnits, createTextWindow, type TextWindow } from './windows';

/** Tokens given at once. */
const tokensAtOnce = 1 << 12;
/** Units of the longest piece that is encoded at once. */
const shortPiece = 1 << 12;

/** What encoding of texts with special tokens takes. */
interface SpecialBpe {
  readonly bpe: Bpe;
  readonly specials: SpecialTokens;
  /** Bytes of an id. */
  readonly bytesOf: (id: number) => Uint8Array | undefined;
}

/** The tokens of a text of any length, some at a time, with a pause after every few milliseconds of work. */
export function* encodeTextInParts(
  { bpe, specials, bytesOf }: SpecialBpe,
  text: string,
  { specials: mode, offsets }: Pick<SequenceOptions, 'specials' | 'offsets'>,
): Parts<TokenSequence> {
  const collector = createCollector(text, offsets);
  const ranges = byteRanges(alignText(text, 0, false));
  let word = 0;
  let byte = 0;
  const add = (ids: Int32Array) => {
    const starts = new Int32Array(ids.length);
    const ends = new Int32Array(ids.length);
    for (const [index, id] of ids.entries()) {
      starts[index] = byte;
      byte += bytesOf(id)!.length;
      ends[index] = byte;
    }
    collector.add({ ids, starts, ends }, ranges, word);
  };
  for (const { start, end, id } of splitAtSpecials(specials, text, mode)) {
    const window = createTextWindow(end - start);
    copyUnits(window, text, start, end);
    yield undefined;
    for (let position = 0, worked = 0; position < window.length; word += 1) {
      const from = position;
      position = bpe.scanner(window.units, from, window.length);
      if (position - from <= shortPiece) {
        add(idsOfPiece(bpe, window, from, position));
      } else {
        const ids = yield* longPieceSteps(bpe, window, from, position);
        for (let first = 0; first < ids.length; first += tokensAtOnce) {
          add(ids.subarray(first, first + tokensAtOnce));
          yield collector.take();
        }
      }
      worked += position - from;
      if (collector.count() >= tokensAtOnce) yield collector.take();
      else if (worked >= stepSize) yield undefined;
      if (worked >= stepSize) worked = 0;
    }
    if (id < 0) continue;
    add(Int32Array.of(id));
    word += 1;
  }
  yield collector.take();
}

function idsOfPiece({ encoder }: Bpe, window: TextWindow, start: number, end: number): Int32Array {
  const value = encodePiece(encoder, window, start, end);
  if (value >= 0) return Int32Array.of(value);
  const { results } = encoder.table;
  return Int32Array.from(results.subarray(~value + 1, ~value + 1 + results[~value]!));
}

/** Ids of a piece that is longer than any token. */
function* longPieceSteps({ encoder }: Bpe, { units }: TextWindow, start: number, end: number): Steps<Int32Array> {
  const { byteIds, pairs } = encoder.vocabulary;
  const space = createMergeSpace();
  reserveMergeSpace(space, (end - start) * 3);
  const bytes = new Uint8Array(stepSize * 3 + 3);
  let symbols = 0;
  for (let from = start; from < end;) {
    let to = Math.min(end, from + stepSize);
    // Halves of a character stay together.
    if (to < end && (units[to]! & 0xfc00) === 0xdc00) to += 1;
    const length = writeUtf8(units, from, to, bytes);
    for (let index = 0; index < length; index += 1) space.ids[symbols++] = byteIds[bytes[index]!]!;
    from = to;
    yield;
  }
  return space.ids.subarray(0, yield* mergeSteps(space, symbols, pairs));
}
