import { type Steps, stepSize } from '../../tokenizer/steps';
import { type AlignedText, joinTexts, sliceText } from '../aligned-text';

/** Changes a text and keeps its alignment with the original. */
export interface Normalizer {
  (text: AlignedText): AlignedText;
  /** The same in steps. */
  readonly inSteps?: (text: AlignedText) => Steps<AlignedText>;
}

/** Normalizes a text of any length, in steps as far as the normalizer has them. */
export function* normalizeInSteps(normalizer: Normalizer, text: AlignedText): Steps<AlignedText> {
  return normalizer.inSteps && text.text.length > stepSize ? yield* normalizer.inSteps(text) : normalizer(text);
}

/**
 * A normalizer that can be applied to parts of a text.
 *
 * @param isCut - Tells where the parts may meet.
 */
export function byParts(
  normalize: (text: AlignedText) => AlignedText,
  isCut: (text: string, at: number) => boolean,
): Normalizer {
  function* inSteps(source: AlignedText): Steps<AlignedText> {
    const parts: AlignedText[] = [];
    for (let start = 0; start < source.text.length;) {
      const end = partEnd(source.text, start, isCut);
      parts.push(normalize(sliceText(source, start, end)));
      start = end;
      yield;
    }
    return yield* joinTexts(source, parts);
  }
  return Object.assign((text: AlignedText) => normalize(text), { inSteps });
}

/** A normalizer that only changes what a text begins with. */
export function atStart(normalize: (text: AlignedText) => AlignedText): Normalizer {
  function* inSteps(source: AlignedText): Steps<AlignedText> {
    const end = partEnd(source.text, 0, betweenCharacters);
    return yield* joinTexts(source, [
      normalize({ ...sliceText(source, 0, end), origin: source.origin }),
      sliceText(source, end, source.text.length),
    ]);
  }
  return Object.assign((text: AlignedText) => normalize(text), { inSteps });
}

function partEnd(text: string, start: number, isCut: (text: string, at: number) => boolean): number {
  for (let at = start + stepSize; at < text.length; at += 1) if (isCut(text, at)) return at;
  return text.length;
}

/** True but inside a surrogate pair. */
export const betweenCharacters = (text: string, at: number): boolean =>
  (text.charCodeAt(at) & 0xfc00) !== 0xdc00 || (text.charCodeAt(at - 1) & 0xfc00) !== 0xd800;

/**
 * Characters that no normalization form joins to a neighbor that is one of them too, and that are grapheme clusters of
 * their own beside one: ASCII without CR, letters of common scripts, kana, ideographs, Hangul syllables, full-width forms.
 */
const lonely = [
  [0x0, 0x0c],
  [0x0e, 0x7f],
  [0xc0, 0x2af],
  [0x391, 0x3ce],
  [0x400, 0x482],
  [0x48a, 0x52f],
  [0x5d0, 0x5ea],
  [0x620, 0x64a],
  [0x904, 0x939],
  [0xe01, 0xe30],
  [0x3001, 0x3003],
  [0x3041, 0x3096],
  [0x30a1, 0x30fa],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0xff01, 0xff60],
] as const;

const isLonely = (unit: number): boolean => lonely.some(([first, last]) => unit >= first && unit <= last);

/** True where neither normalization forms nor grapheme clusters reach over a place. */
export const betweenClusters = (text: string, at: number): boolean =>
  isLonely(text.charCodeAt(at - 1)) && isLonely(text.charCodeAt(at));
