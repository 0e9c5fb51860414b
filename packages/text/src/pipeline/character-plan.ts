import type { CharacterBpeOptions } from '../bpe/character-bpe';
import type { IdSink } from '../bpe/id-sink';
import { junctionsOf, unitStretchEnd } from '../bpe/junctions';
import { createMergeSpace, mergeTokens } from '../bpe/merge';
import { createSymbolReader } from '../bpe/symbol-reader';
import { field, isAbsent, type JsonPlace } from './json-reader';
import { stretchPlan } from './stretch-plan';
import type { TextPlan } from './text-plan';

/**
 * A plan for BPE over characters that merges across a whole text (Llama 2, Gemma): the text is cut where no merge joins
 * anything, and what lies between is remembered. Undefined for every other file.
 *
 * @param canBeRaw - Whether all added tokens are found before the text is normalized.
 */
export function characterPlan(root: JsonPlace, parts: CharacterBpeOptions, canBeRaw: boolean): TextPlan | undefined {
  if (parts.ignoreMerges || parts.continuingPrefix !== '' || parts.endOfWordSuffix !== '') return undefined;
  const normalizer = field(root, 'normalizer');
  if (!keepsWhole(normalizer, field(root, 'pre_tokenizer'))) return undefined;
  const junctions = junctionsOf(parts.vocabulary, parts.pairs, parts.unknownId);
  if (!junctions) return undefined;
  const space = createMergeSpace();
  const reader = createSymbolReader(parts);
  const tokens: IdSink = { ids: space.ids, count: 0 };
  const merged = (symbols: number): IdSink => {
    tokens.count = mergeTokens(space, symbols, parts.pairs);
    tokens.ids = space.ids;
    return tokens;
  };
  const replaced = canBeRaw ? replacedUnit(normalizer) : undefined;
  const written = (stretch: string): string => (replaced ? stretch.replaceAll(replaced.from, replaced.to) : stretch);
  return {
    isRaw: replaced !== undefined,
    cuts: false,
    ...stretchPlan({
      endOf: (units, start, limit) => unitStretchEnd(junctions, units, start, limit),
      encode: (stretch) => merged(reader.read(written(stretch), space)),
      encodeUnits(units, start, end) {
        const symbols = reader.readUnits(units, start, end, space);
        return symbols < 0 ? undefined : merged(symbols);
      },
      ...(replaced && { replaced: { unit: replaced.from.charCodeAt(0), by: replaced.to.charCodeAt(0) } }),
    }),
  };
}

/** Texts of one unit each, where a normalizer does nothing but write the second for the first. */
function replacedUnit(normalizer: JsonPlace): { readonly from: string; readonly to: string } | undefined {
  if (isAbsent(normalizer)) return undefined;
  const { type, pattern, content: to } = normalizer.value as Component;
  const from = pattern?.String;
  if (type !== 'Replace' || from === undefined || to === undefined) return undefined;
  return from.length === 1 && to.length === 1 && !isSurrogate(from) && !isSurrogate(to) ? { from, to } : undefined;
}

const isSurrogate = (unit: string): boolean => (unit.charCodeAt(0) & 0xf800) === 0xd800;

interface Component {
  readonly type?: string;
  readonly normalizers?: readonly Component[];
  readonly pattern?: { readonly String?: string };
  readonly content?: string;
}

/** True where nothing cuts a text: no pre-tokenizer, or one that cuts at spaces, which the normalizer replaced all. */
function keepsWhole(normalizer: JsonPlace, preTokenizer: JsonPlace): boolean {
  if (isAbsent(preTokenizer)) return true;
  const { type, pattern } = preTokenizer.value as Component;
  if (type !== 'Split' || pattern?.String !== ' ' || isAbsent(normalizer)) return false;
  const whole = normalizer.value as Component;
  return whole.type === 'Replace' && whole.pattern?.String === ' ' && whole.content?.includes(' ') === false;
}
