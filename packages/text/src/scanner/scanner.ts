import { classesFromCategories } from '../tables/general-category';
import { isWhiteSpace } from '../tables/white-space';

/**
 * End of the piece that begins at `start`, in UTF-16 units; `limit` counts as the end of the text. Pieces cover the
 * text without gaps.
 *
 * @param start - Below `limit`.
 */
export type Scanner = (units: Uint16Array, start: number, limit: number) => number;

/** What the patterns distinguish, Unicode 16.0. Order matters: letters are `upper..caseless`. */
export const unitClass = {
  other: 0,
  newline: 1,
  space: 2,
  number: 3,
  upper: 4,
  lower: 5,
  caseless: 6,
  mark: 7,
} as const;

let classes: Uint8Array | undefined;

/** {@link unitClass} of every code point; lone surrogates are `other`, as U+FFFD is. */
export function unitClasses(): Uint8Array {
  if (classes) return classes;
  const { other, newline, space, number, upper, lower, caseless, mark } = unitClass;
  const table = classesFromCategories((name) => {
    if (name === 'Lu' || name === 'Lt') return upper;
    if (name === 'Ll') return lower;
    if (name === 'Lm' || name === 'Lo') return caseless;
    if (name.startsWith('M')) return mark;
    return name.startsWith('N') ? number : other;
  });
  for (let codePoint = 0; codePoint <= 0x3000; codePoint += 1) if (isWhiteSpace(codePoint)) table[codePoint] = space;
  table[0x0a] = newline;
  table[0x0d] = newline;
  classes = table;
  return table;
}

/** The code point at `index`; a surrogate without its partner before `limit` stands for itself. */
export function codePointAt(units: Uint16Array, index: number, limit: number): number {
  const unit = units[index]!;
  if ((unit & 0xfc00) !== 0xd800 || index + 1 >= limit) return unit;
  const next = units[index + 1]!;
  return (next & 0xfc00) === 0xdc00 ? ((unit - 0xd800) << 10) + (next - 0xdc00) + 0x10000 : unit;
}

/** The first half of a pair, if the second follows. */
export const isHighSurrogate = (unit: number): boolean => (unit & 0xfc00) === 0xd800;

/** UTF-16 units of a code point. */
export const unitsOf = (codePoint: number): number => (codePoint > 0xffff ? 2 : 1);

/**
 * Length of a contraction at `index`, which is `'s 't 'd 'm 'll 've 're`, or 0.
 *
 * @param anyCase - Also upper case, and U+017F for `s`, which folds to it.
 */
export function contractionLength(units: Uint16Array, index: number, limit: number, anyCase: boolean): number {
  if (index + 1 >= limit || units[index] !== 0x27) return 0;
  const fold = anyCase ? 0x20 : 0;
  const unit = units[index + 1]!;
  if (anyCase && unit === 0x17f) return 2;
  // No letter above 0x7f becomes one of these by setting bit 5.
  const first = unit | fold;
  if (first === 0x73 || first === 0x74 || first === 0x64 || first === 0x6d) return 2;
  if (index + 2 >= limit) return 0;
  const second = units[index + 2]! | fold;
  if (first === 0x6c) return second === 0x6c ? 3 : 0;
  return (first === 0x76 || first === 0x72) && second === 0x65 ? 3 : 0;
}

/**
 * End of a run of white space that begins at `start` and is not the beginning of a longer piece: after the last
 * newline if there is one, else before its last character unless the text ends there.
 */
export function whiteSpaceEnd(units: Uint16Array, start: number, limit: number, table: Uint8Array): number {
  let end = start;
  let afterNewline = 0;
  while (end < limit) {
    const kind = table[units[end]!]!;
    if (kind === unitClass.newline) afterNewline = end + 1;
    else if (kind !== unitClass.space) break;
    end += 1;
  }
  if (afterNewline > 0) return afterNewline;
  return end === limit || end === start + 1 ? end : end - 1;
}

/** End of up to `most` numbers from `start`. */
export function numbersEnd(units: Uint16Array, start: number, limit: number, table: Uint8Array, most: number): number {
  let end = start;
  for (let left = most; left > 0 && end < limit; left -= 1) {
    const codePoint = codePointAt(units, end, limit);
    if (table[codePoint] !== unitClass.number) break;
    end += unitsOf(codePoint);
  }
  return end;
}

/**
 * End of the rest of `[^\s\p{L}\p{N}]+[\r\n]*`.
 *
 * @param slash - Another unit that may stand among the newlines; 0: none.
 */
export function othersEnd(units: Uint16Array, start: number, limit: number, table: Uint8Array, slash: number): number {
  let end = start;
  while (end < limit) {
    const unit = units[end]!;
    const codePoint = isHighSurrogate(unit) ? codePointAt(units, end, limit) : unit;
    const kind = table[codePoint]!;
    if (kind !== unitClass.other && kind !== unitClass.mark) break;
    end += unitsOf(codePoint);
  }
  while (end < limit && (table[units[end]!] === unitClass.newline || (slash > 0 && units[end] === slash))) end += 1;
  return end;
}
