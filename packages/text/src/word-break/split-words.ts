import { type WordBreakClass, wordBreakClass } from './word-break-class';

interface Unit {
  /** Index of the first UTF-16 unit. */
  readonly start: number;
  readonly kind: WordBreakClass;
}

/**
 * Cuts a text at word boundaries (UAX 29, section 4.1.1, Unicode 16.0, without dictionaries): words, numbers, runs of
 * spaces and single other characters. The pieces join to the text.
 */
export function splitWords(text: string): string[] {
  const units: Unit[] = [];
  for (let start = 0; start < text.length;) {
    const codePoint = text.codePointAt(start)!;
    units.push({ start, kind: wordBreakClass(codePoint) });
    start += codePoint > 0xffff ? 2 : 1;
  }
  const words: string[] = [];
  let begin = 0;
  // Rule WB4: units that only modify what is before them, left out of all rules behind it.
  let before: number[] = [];
  let flags = 0;
  for (const [index, { start, kind }] of units.entries()) {
    if (index > 0 && breaksBefore(text, units, index, before, flags)) {
      words.push(text.slice(begin, start));
      begin = start;
    }
    if (modifies(kind) && index > 0 && !isLine(units[index - 1]!.kind) && before.length > 0) continue;
    flags = kind === 'Regional_Indicator' ? flags + 1 : 0;
    before = isLine(kind) ? [] : [...before.slice(-1), index];
  }
  if (begin < text.length) words.push(text.slice(begin));
  return words;
}

const isLine = (kind: WordBreakClass) => kind === 'CR' || kind === 'LF' || kind === 'Newline';
const modifies = (kind: WordBreakClass) => kind === 'Extend' || kind === 'Format' || kind === 'ZWJ';
const isLetter = (kind: WordBreakClass) => kind === 'ALetter' || kind === 'Hebrew_Letter';
const isMidLetter = (kind: WordBreakClass) => kind === 'MidLetter' || kind === 'MidNumLet' || kind === 'Single_Quote';
const isMidNumber = (kind: WordBreakClass) => kind === 'MidNum' || kind === 'MidNumLet' || kind === 'Single_Quote';
const isWordPart = (kind: WordBreakClass) => isLetter(kind) || kind === 'Numeric' || kind === 'Katakana';

const pictograph = /^\p{Extended_Pictographic}/u;

/**
 * @param before - Indices of the last two units that count.
 * @param flags - Regional indicators in a row up to the last of them.
 */
function breaksBefore(
  text: string,
  units: readonly Unit[],
  index: number,
  before: readonly number[],
  flags: number,
): boolean {
  const { kind, start } = units[index]!;
  const raw = units[index - 1]!.kind;
  if (raw === 'CR' && kind === 'LF') return false;
  if (isLine(raw) || isLine(kind)) return true;
  if (raw === 'ZWJ' && pictograph.test(text.slice(start, start + 2))) return false;
  if (raw === 'WSegSpace' && kind === 'WSegSpace') return false;
  if (modifies(kind)) return false;
  const left = before.length > 0 ? units[before.at(-1)!]!.kind : undefined;
  if (left === undefined) return true;
  const beforeLeft = before.length > 1 ? units[before[0]!]!.kind : undefined;
  return !joins(beforeLeft, left, kind, () => nextKind(units, index), flags);
}

/** Rules WB5 to WB16, by the two units before, the one behind and the one behind that. */
function joins(
  beforeLeft: WordBreakClass | undefined,
  left: WordBreakClass,
  right: WordBreakClass,
  behind: () => WordBreakClass | undefined,
  flags: number,
): boolean {
  if (isLetter(left) && isLetter(right)) return true;
  const next = behind();
  if (isLetter(left) && isMidLetter(right) && next && isLetter(next)) return true;
  if (beforeLeft && isLetter(beforeLeft) && isMidLetter(left) && isLetter(right)) return true;
  if (left === 'Hebrew_Letter' && right === 'Single_Quote') return true;
  if (left === 'Hebrew_Letter' && right === 'Double_Quote' && next === 'Hebrew_Letter') return true;
  if (beforeLeft === 'Hebrew_Letter' && left === 'Double_Quote' && right === 'Hebrew_Letter') return true;
  if ((left === 'Numeric' || isLetter(left)) && right === 'Numeric') return true;
  if (left === 'Numeric' && isLetter(right)) return true;
  if (beforeLeft === 'Numeric' && isMidNumber(left) && right === 'Numeric') return true;
  if (left === 'Numeric' && isMidNumber(right) && next === 'Numeric') return true;
  if (left === 'Katakana' && right === 'Katakana') return true;
  if (right === 'ExtendNumLet' && (isWordPart(left) || left === 'ExtendNumLet')) return true;
  if (left === 'ExtendNumLet' && isWordPart(right)) return true;
  return left === 'Regional_Indicator' && right === 'Regional_Indicator' && flags % 2 === 1;
}

function nextKind(units: readonly Unit[], index: number): WordBreakClass | undefined {
  let at = index + 1;
  while (at < units.length && modifies(units[at]!.kind)) at += 1;
  return units[at]?.kind;
}
