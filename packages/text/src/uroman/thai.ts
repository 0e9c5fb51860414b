import type { Expansion } from './context';
import { textBefore } from './lattice';
import type { Reading } from './reading';

const onlyConsonants = /^[bcdfghjklmnpqrstvwxyz]+$/;
/** For O ANG, y is no consonant. */
const strictConsonants = /^[bcdfghjklmnpqrstvwxz]+$/;
const oAng = '\u0e2d';

/** Romanization of a text by its first rule, whatever its conditions. */
export const firstTarget = ({ tables }: Reading, source: string): string | undefined =>
  tables.rules.of(source)[0]?.target;

/**
 * Vowels that are written before a consonant are spoken behind it, alone or with signs behind the consonant; O ANG is only
 * spoken between consonants.
 */
export function expandThai(reading: Reading, text: string, start: number, end: number): Expansion | undefined {
  const { characters, tables, slice, lattice } = reading;
  const before = characters[start - 1] ?? '';
  const isAfterVowel = tables.isBeforeConsonant(before);
  if (isAfterVowel && start + 1 === end && onlyConsonants.test(text)) {
    for (let length = 3; length >= 1; length -= 1) {
      if (end + length > characters.length) continue;
      const source = `${before}–${slice(end, end + length)}`;
      if (tables.rules.of(source).length === 0) continue;
      const vowel = firstTarget(reading, source) ?? '';
      return { text: text + vowel, start: start - 1, end: end + length, kind: 'rom exp' };
    }
  }
  if (isAfterVowel && tables.script(before) === 'Thai' && /^[bcdfghjklmnpqrstvwxyz]/.test(text)) {
    const vowel = firstTarget(reading, before);
    if (vowel) return { text: text + vowel, start: start - 1, end, kind: 'rom exp' };
  }
  if (characters[start] !== oAng || end - start !== 1) return undefined;
  const next = characters[end] ?? '';
  const isBetweenConsonants =
    tables.script(before) === 'Thai' &&
    tables.script(next) === 'Thai' &&
    strictConsonants.test(textBefore(lattice, start)) &&
    strictConsonants.test(firstTarget(reading, next) ?? '');
  return isBetweenConsonants ? undefined : { text: '', start, end, kind: 'rom del' };
}
