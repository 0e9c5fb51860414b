import { createIdSink, type IdSink, pushId, takeIds } from '../bpe/id-sink';
import { isWhiteSpace } from '../tables/white-space';
import { alignText } from './aligned-text';
import { field, isAbsent, type JsonPlace, readBoolean } from './json-reader';
import { isIdeograph } from './normalizers/bert';
import type { Normalizer } from './normalizers/normalizer';
import { bertPunctuation } from './pre-tokenizers/punctuation';
import type { TextPlan } from './text-plan';
import type { WordModel } from './word-model';

const rememberedRuns = 50_000;
const longestRun = 64;

/**
 * A plan for BERT's normalizer and pre-tokenizer: white space ends words before and after everything they do, and
 * punctuation and ideographs are words by themselves, so what lies between is remembered as it is written. Undefined
 * for every other file.
 */
export function bertPlan(root: JsonPlace, normalizer: Normalizer | undefined, model: WordModel): TextPlan | undefined {
  const [normalizing, splitting] = [field(root, 'normalizer'), field(root, 'pre_tokenizer')];
  if (isAbsent(normalizing) || isAbsent(splitting) || !normalizer) return undefined;
  if (field(normalizing, 'type').value !== 'BertNormalizer') return undefined;
  if (field(splitting, 'type').value !== 'BertPreTokenizer') return undefined;
  const isPunctuation = bertPunctuation();
  const handlesIdeographs = readBoolean(field(normalizing, 'handle_chinese_chars'), true);
  const kinds = unitKinds(readBoolean(field(normalizing, 'clean_text'), true), handlesIdeographs, isPunctuation);
  const singles: (Int32Array | undefined)[] = [];
  let known = new Map<string, Int32Array>();

  const encodeRun = (run: string): Int32Array => {
    const sink = createIdSink(16);
    const { text } = normalizer(alignText(run, 0, false));
    const add = (start: number, end: number) => {
      if (end <= start) return;
      const { ids } = model.encodeWord(text.slice(start, end), {});
      for (let index = 0; index < ids.length; index += 1) pushId(sink, ids[index]!);
    };
    let start = 0;
    for (let at = 0; at < text.length;) {
      const codePoint = text.codePointAt(at)!;
      const end = at + (codePoint > 0xffff ? 2 : 1);
      const isSpace = isWhiteSpace(codePoint);
      if (isSpace || isPunctuation(codePoint)) {
        add(start, at);
        if (!isSpace) add(at, end);
        start = end;
      }
      at = end;
    }
    add(start, text.length);
    return takeIds(sink);
  };
  const idsOf = (run: string): Int32Array => {
    if (run.length > longestRun) return encodeRun(run);
    const found = known.get(run);
    if (found) return found;
    const ids = encodeRun(run);
    if (known.size >= rememberedRuns) known = new Map();
    known.set(run, ids);
    return ids;
  };
  const idsOfUnit = (unit: number): Int32Array => (singles[unit] ??= encodeRun(String.fromCharCode(unit)));
  /** Goes through the runs until `visit` says that it is enough. */
  const eachRun = (text: string, visit: (ids: Int32Array) => boolean): void => {
    let start = 0;
    for (let at = 0; at <= text.length; at += 1) {
      const kind = at < text.length ? kinds[text.charCodeAt(at)]! : space;
      if (kind === inside) continue;
      if (at > start && visit(idsOf(text.slice(start, at)))) return;
      if (kind === single && visit(idsOfUnit(text.charCodeAt(at)))) return;
      start = at + 1;
    }
  };
  return {
    isRaw: true,
    cuts: false,
    append: (text, sink: IdSink) =>
      eachRun(text, (ids) => {
        for (let index = 0; index < ids.length; index += 1) pushId(sink, ids[index]!);
        return false;
      }),
    count(text, most) {
      let total = 0;
      eachRun(text, (ids) => (total += ids.length) > most);
      return total;
    },
  };
}

const inside = 0;
const space = 1;
const single = 2;

/**
 * What each unit is: white space ends words, and punctuation and, if they are handled, ideographs are words. With
 * `cleanText` controls among the white space are dropped first, and so join what they separate.
 */
function unitKinds(
  cleanText: boolean,
  handlesIdeographs: boolean,
  isPunctuation: (codePoint: number) => boolean,
): Uint8Array {
  const kinds = new Uint8Array(0x10000);
  for (let unit = 0; unit < 0x10000; unit += 1) {
    if (isPunctuation(unit) || (handlesIdeographs && isIdeograph(unit))) kinds[unit] = single;
    else if (isWhiteSpace(unit)) kinds[unit] = space;
  }
  if (cleanText) for (const control of [0x0b, 0x0c, 0x85]) kinds[control] = inside;
  return kinds;
}
