import { createIdSink, type IdSink, pushId } from '../bpe/id-sink';
import { isWhiteSpace } from '../tables/white-space';
import { alignText } from './aligned-text';
import { field, isAbsent, type JsonPlace, readBoolean } from './json-reader';
import { isIdeograph } from './normalizers/bert';
import type { Normalizer } from './normalizers/normalizer';
import { bertPunctuation } from './pre-tokenizers/punctuation';
import { stretchPlan } from './stretch-plan';
import type { TextPlan } from './text-plan';
import type { WordModel } from './word-model';

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
  const sink = createIdSink();

  const encode = (run: string): IdSink => {
    sink.count = 0;
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
    return sink;
  };
  return {
    isRaw: true,
    cuts: false,
    ...stretchPlan({
      startOf(units, start, limit) {
        let at = start;
        while (at < limit && kinds[units[at]!] === space) at += 1;
        return at;
      },
      endOf(units, start, limit) {
        if (kinds[units[start]!] === single) return start + 1;
        let at = start + 1;
        while (at < limit && kinds[units[at]!] === inside) at += 1;
        return at;
      },
      encode,
    }),
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
