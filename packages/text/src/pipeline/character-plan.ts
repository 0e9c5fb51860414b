import type { CharacterBpeOptions } from '../bpe/character-bpe';
import { reserveIds } from '../bpe/id-sink';
import { createJunctions, unitStretchEnd } from '../bpe/junctions';
import { createMergeSpace, mergeTokens } from '../bpe/merge';
import { createPieceTable, findPiece, keepPiece, valueAt } from '../bpe/piece-table';
import { createSymbolReader } from '../bpe/symbol-reader';
import { joinTokenBytes } from '../bpe/token-bytes';
import { copyUnits, createTextWindow } from '../bpe/windows';
import { field, isAbsent, type JsonPlace } from './json-reader';
import type { TextPlan } from './text-plan';

/**
 * A plan for BPE over characters that merges across a whole text (Llama 2, Gemma): the text is cut where no merge joins
 * anything, and what lies between is remembered. Undefined for every other file.
 */
export function characterPlan(root: JsonPlace, parts: CharacterBpeOptions): TextPlan | undefined {
  if (parts.ignoreMerges || parts.continuingPrefix !== '' || parts.endOfWordSuffix !== '') return undefined;
  if (!keepsWhole(field(root, 'normalizer'), field(root, 'pre_tokenizer'))) return undefined;
  const junctions = createJunctions(parts.vocabulary, parts.pairs, parts.unknownId);
  if (!junctions) return undefined;
  const window = createTextWindow();
  const table = createPieceTable(joinTokenBytes([]));
  const space = createMergeSpace();
  const reader = createSymbolReader(parts);

  /** As of a piece table: an id, or `~` of an offset into its results. */
  const encodeStretch = (text: string, from: number, start: number, end: number): number => {
    const found = findPiece(table, window, start, end);
    if (found >= 0) return table.slots[found + valueAt]!;
    const count = mergeTokens(space, reader.read(text.slice(from + start, from + end), space), parts.pairs);
    return keepPiece(table, found, window, start, end, space.ids, count);
  };
  /** Goes through the stretches until `visit` says that it is enough. */
  const eachStretch = (text: string, visit: (value: number) => boolean): void => {
    let size = windowUnits;
    for (let from = 0; from < text.length;) {
      const limit = windowEnd(text, from + size);
      const length = limit - from;
      copyUnits(window, text, from, limit);
      let start = 0;
      for (let end = 0; start < length; start = end) {
        end = unitStretchEnd(junctions, window.units, start, length);
        // What reaches the end of the window may go on behind it.
        if (end === length && limit < text.length) break;
        if (visit(encodeStretch(text, from, start, end))) return;
      }
      if (start === 0) size *= 2;
      from += start;
    }
  };
  return {
    isRaw: false,
    cuts: false,
    append(text, sink) {
      eachStretch(text, (value) => {
        const { results } = table;
        const added = value >= 0 ? 1 : results[~value]!;
        reserveIds(sink, added);
        if (value >= 0) sink.ids[sink.count] = value;
        else sink.ids.set(results.subarray(~value + 1, ~value + 1 + added), sink.count);
        sink.count += added;
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

/** Units looked at at once. */
const windowUnits = 1 << 15;

/** End of a window that keeps pairs of surrogates together. */
function windowEnd(text: string, end: number): number {
  if (end >= text.length) return text.length;
  return (text.charCodeAt(end) & 0xfc00) === 0xdc00 ? end - 1 : end;
}

interface Component {
  readonly type?: string;
  readonly normalizers?: readonly Component[];
  readonly pattern?: { readonly String?: string };
}

/** True where nothing cuts a text: no pre-tokenizer, or one that cuts at spaces, which the normalizer replaced all. */
function keepsWhole(normalizer: JsonPlace, preTokenizer: JsonPlace): boolean {
  if (isAbsent(preTokenizer)) return true;
  const { type, pattern } = preTokenizer.value as Component;
  if (type !== 'Split' || pattern?.String !== ' ' || isAbsent(normalizer)) return false;
  const whole = normalizer.value as Component & { readonly content?: string };
  return whole.type === 'Replace' && whole.pattern?.String === ' ' && whole.content?.includes(' ') === false;
}
