import { bestTarget } from './candidates';
import type { Reading } from './reading';
import { expandThai, firstTarget } from './thai';
import { lastCharacter } from './word-places';

/** A romanization after a look at its neighbors, which it may have taken in. */
export interface Expansion {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Undefined where the kind of the edge stays. */
  readonly kind?: string | undefined;
}

const capitalSign = '\u2820';
const smallTsu = 'っッ';
const addak = '\u0a71';
const smallY = 'ゃゅょャュョ';
const long = 'ー';

/** Capitals, doubled consonants, small kana, long vowels and signs that take a vowel away. */
export function expandByContext(reading: Reading, target: string, start: number, end: number): Expansion {
  const { characters, tables } = reading;
  const at = (position: number): string => characters[position] ?? '';
  if (target === '') return { text: target, start, end };
  let [text, first, last] = [target, start, end];
  let kind: string | undefined;
  if (at(first - 1) === capitalSign && /^[a-z]/.test(text)) {
    return { text: text[0]!.toUpperCase() + text.slice(1), start: first - 1, end: last, kind: 'rom exp' };
  }
  if (start + 1 === end && isUpper(text) && tables.isLowercase(at(last))) text = capitalize(text);
  const doubled = /^(?:ch|[bcdfghjklmnpqrstwz])/.exec(text)?.[0];
  const doubler = at(first - 1);
  if (doubled !== undefined && doubler !== '' && (smallTsu.includes(doubler) || doubler === addak)) {
    text = doubled.replace('ch', doubler === addak ? 'c' : 't') + text;
    first -= 1;
  }
  if (tables.script(at(first)) === 'Thai') {
    const expanded = expandThai(reading, text, first, last);
    if (expanded) return expanded;
  }
  // A grave accent over a Coptic consonant is a vowel before it.
  const isCoptic = at(last) === '\u0300' && tables.script(at(last - 1)) === 'Coptic';
  if (isCoptic && !bestTarget(reading, start, last + 1)) {
    text = `e${text}`;
    last += 1;
    kind = 'rom exp';
  }
  const next = at(last);
  if (next !== '' && smallY.includes(next) && tables.script(at(last - 1)) === tables.script(next)) {
    const ending = /[bcdfghjklmnpqrstvwxyz]i$/.test(text) ? firstTarget(reading, next) : undefined;
    if (ending && !bestTarget(reading, start, last + 1) && !bestTarget(reading, first, last + 1)) {
      text = text.slice(0, -1) + ending;
      last += 1;
      kind = 'rom exp';
    }
  }
  const vowel = lastCharacter(text);
  if (at(last) === long && /^(?:Hira|Kata)/.test(tables.script(at(last - 1))) && 'aeiou'.includes(vowel)) {
    return { text: text + vowel, start: first, end: last + 1, kind: 'rom exp' };
  }
  if (tables.isVirama(at(last))) return { text, start: first, end: last + 1, kind: 'rom exp' };
  if (text.startsWith(' ') && (first === 0 || at(first - 1) === ' ')) text = text.slice(1);
  if (text.endsWith(' ') && at(last) === ' ') text = text.slice(0, -1);
  return { text, start: first, end: last, kind };
}

/** `str.isupper` of Python: some capitals, and no small or title case letters. */
const isUpper = (text: string): boolean => /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text);

function capitalize(text: string): string {
  const [first = '', ...others] = text;
  return first.toUpperCase() + others.join('').toLowerCase();
}
