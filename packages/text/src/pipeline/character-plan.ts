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
 */
export function characterPlan(root: JsonPlace, parts: CharacterBpeOptions): TextPlan | undefined {
  if (parts.ignoreMerges || parts.continuingPrefix !== '' || parts.endOfWordSuffix !== '') return undefined;
  if (!keepsWhole(field(root, 'normalizer'), field(root, 'pre_tokenizer'))) return undefined;
  const junctions = junctionsOf(parts.vocabulary, parts.pairs, parts.unknownId);
  if (!junctions) return undefined;
  const space = createMergeSpace();
  const reader = createSymbolReader(parts);
  const tokens: IdSink = { ids: space.ids, count: 0 };
  return {
    isRaw: false,
    cuts: false,
    ...stretchPlan({
      endOf: (units, start, limit) => unitStretchEnd(junctions, units, start, limit),
      encode(stretch) {
        tokens.count = mergeTokens(space, reader.read(stretch, space), parts.pairs);
        tokens.ids = space.ids;
        return tokens;
      },
    }),
  };
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
