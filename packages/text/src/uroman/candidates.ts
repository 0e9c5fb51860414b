import { bestTo } from './lattice';
import { consonants, type Reading } from './reading';
import type { RomanRule } from './roman-rules';
import { endsWord, startsWord } from './word-places';

/** Whether all conditions of a rule hold for a span. */
export function isValid(reading: Reading, rule: RomanRule, start: number, end: number): boolean {
  if (rule.target === undefined) return false;
  if (rule.notAtWordStart && startsWord(reading, start)) return false;
  if (rule.onlyAtWordStart && !startsWord(reading, start)) return false;
  if (rule.notAtWordEnd && isEnd(reading, end)) return false;
  if (rule.onlyAtWordEnd && !isEnd(reading, end)) return false;
  if (rule.onlyWholeWord && !(startsWord(reading, start) && isEnd(reading, end))) return false;
  return rule.languages.length === 0 || (reading.language !== undefined && rule.languages.includes(reading.language));
}

const isEnd = (reading: Reading, position: number): boolean => endsWord(reading, position) ?? true;

/** Romanization of a span by the valid rule with most conditions, the first of equal ones. */
export function bestTarget(reading: Reading, start: number, end: number): string | undefined {
  if (start < 0 || end > reading.characters.length) return undefined;
  const key = `${start},${end}`;
  const known = reading.targets.get(key);
  if (known !== undefined) return known;
  const rule = bestRule(reading, start, end);
  if (!rule) return undefined;
  const { syllableEnd } = rule;
  const target = syllableEnd !== undefined && endsSyllable(reading, end) ? syllableEnd : rule.target!;
  reading.targets.set(key, target);
  return target;
}

function bestRule(reading: Reading, start: number, end: number): RomanRule | undefined {
  let best: RomanRule | undefined;
  for (const rule of reading.tables.rules.of(reading.slice(start, end))) {
    if (!isValid(reading, rule, start, end)) continue;
    if (!best || rule.restrictions > best.restrictions) best = rule;
  }
  return best;
}

/** As {@link bestTarget}, without a look at what follows the syllable. */
function simpleTarget(reading: Reading, start: number, end: number): string | undefined {
  if (start < 0 || end > reading.characters.length) return undefined;
  return reading.targets.get(`${start},${end}`) ?? bestRule(reading, start, end)?.target;
}

const endsInConsonant = new RegExp(`[${consonants.replace(/[wy]/g, '')}]$`);

/** Whether a Thai consonant that ends at a place is the last one of its syllable. */
function endsSyllable(reading: Reading, position: number): boolean {
  const { characters, tables, lattice } = reading;
  const before = characters[position - 2];
  if (before === undefined || !tables.isLetterOrMark(before) || tables.isBeforeConsonant(before)) return false;
  const at = tables.isToneMark(characters[position] ?? '') ? position + 1 : position;
  const next = characters[at];
  if (next === undefined || tables.isBeforeConsonant(next) || !tables.isLetterOrMark(next)) return true;
  const left = bestTo(lattice, position - 1);
  if (left && endsInConsonant.test(left.text)) return false;
  const [both, single] = [simpleTarget(reading, at, at + 2), simpleTarget(reading, at, at + 1)];
  if (!/^[aeiou]/i.test(both ?? single ?? '?')) return true;
  // O ANG before a vowel is a consonant.
  if (next !== '\u0e2d' || at + 1 >= characters.length) return false;
  return /^[aeiou]/i.test(simpleTarget(reading, at + 1, at + 2) ?? '?');
}
