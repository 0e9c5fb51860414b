import { type IdSink, pushId, reserveIds } from '../bpe/id-sink';
import { createPieceTable, findPiece, keepPiece, valueAt } from '../bpe/piece-table';
import { joinTokenBytes } from '../bpe/token-bytes';
import { copyUnits, createTextWindow } from '../bpe/windows';
import type { TextPlan } from './text-plan';

/** How a text falls into stretches whose tokens do not depend on what stands around them. */
export interface Stretches {
  /** Place of the first unit from `start` on that has tokens, or `limit`. Default: `start`. */
  readonly startOf?: (units: Uint16Array, start: number, limit: number) => number;
  /** End of the stretch that begins at `start`; if that is `limit`, it may go on behind it. */
  readonly endOf: (units: Uint16Array, start: number, limit: number) => number;
  /** Tokens of a stretch; they hold until the next call. */
  readonly encode: (stretch: string) => IdSink;
  /** The same for most stretches, faster; undefined: `encode` has to do it. */
  readonly encodeUnits?: (units: Uint16Array, start: number, end: number) => IdSink | undefined;
  /** A unit that stands for another one in everything but `encode`. */
  readonly replaced?: { readonly unit: number; readonly by: number };
}

/** Goes through a text stretch by stretch, and remembers the tokens of each. */
export function stretchPlan({
  startOf,
  endOf,
  encode,
  encodeUnits,
  replaced,
}: Stretches): Pick<TextPlan, 'append' | 'count'> {
  const window = createTextWindow();
  const table = createPieceTable(joinTokenBytes([]));

  /** As of a piece table: an id, or `~` of an offset into its results. */
  const encodeStretch = (text: string, from: number, start: number, end: number): number => {
    const found = findPiece(table, window, start, end);
    if (found >= 0) return table.slots[found + valueAt]!;
    const { ids, count } = encodeUnits?.(window.units, start, end) ?? encode(text.slice(from + start, from + end));
    return keepPiece(table, found, window, start, end, ids, count);
  };
  /** Goes through the stretches until `visit` says that it is enough. */
  const eachStretch = (text: string, visit: (value: number) => boolean): void => {
    let size = windowUnits;
    for (let from = 0; from < text.length;) {
      const limit = windowEnd(text, from + size);
      const length = limit - from;
      copyUnits(window, text, from, limit);
      if (replaced) replaceUnits(window.units, length, replaced.unit, replaced.by);
      let start = 0;
      for (;;) {
        if (startOf) start = startOf(window.units, start, length);
        if (start >= length) break;
        const end = endOf(window.units, start, length);
        if (end === length && limit < text.length) break;
        if (visit(encodeStretch(text, from, start, end))) return;
        start = end;
      }
      if (start === 0) size *= 2;
      from += start;
    }
  };
  return {
    append(text, sink) {
      eachStretch(text, (value) => {
        if (value >= 0) {
          pushId(sink, value);
          return false;
        }
        const { results } = table;
        const added = results[~value]!;
        reserveIds(sink, added);
        for (let index = 1; index <= added; index += 1) sink.ids[sink.count++] = results[~value + index]!;
        return false;
      });
    },
    count(text, most) {
      let total = 0;
      eachStretch(text, (value) => (total += value >= 0 ? 1 : table.results[~value]!) > most);
      return total;
    },
  };
}

function replaceUnits(units: Uint16Array, length: number, unit: number, by: number): void {
  for (let at = 0; at < length; at += 1) if (units[at] === unit) units[at] = by;
}

/** Units looked at at once. */
const windowUnits = 1 << 15;

/** End of a window that keeps pairs of surrogates together. */
function windowEnd(text: string, end: number): number {
  if (end >= text.length) return text.length;
  return (text.charCodeAt(end) & 0xfc00) === 0xdc00 ? end - 1 : end;
}
