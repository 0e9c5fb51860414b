import { checkInteger } from './check-arguments';
import { endOfStretch, type TextCuts } from './text-cuts';
import type { TextModel } from './text-model';
import type { StretchOptions } from './text-tokenizer';

/** Where texts may be cut that are encoded like this. */
export const cutsFor = ({ cuts, specialCuts = 'none', defaults }: TextModel, { specials }: StretchOptions): TextCuts =>
  (specials ?? defaults.specials) === 'ordinary' ? cuts : specialCuts;

/** Ends of the stretches of a text, rising; none of an empty text. */
export function textStretches(model: TextModel, text: string, size: number, options: StretchOptions): Int32Array {
  checkInteger('size', size, 1);
  const cuts = cutsFor(model, options);
  const ends: number[] = [];
  for (let start = 0; start < text.length;) {
    start = endOfStretch(text, start, size, cuts);
    ends.push(start);
  }
  return Int32Array.from(ends);
}
