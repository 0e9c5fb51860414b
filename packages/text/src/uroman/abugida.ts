import { consonants, type Reading } from './reading';
import { endsWord, startsWord } from './word-places';

interface ConsonantReading {
  readonly bare: string;
  readonly voweled: string;
  /** The romanization, without a dash behind it. */
  readonly full: string;
}

const khmerYo = 'យ';
/** Languages whose words do not end in the vowel that their letters are read with. */
const silentEnds = new Set(['asm', 'ben', 'guj', 'kas', 'pan']);

/**
 * Adds the vowel that letters of Indic scripts are read with, or takes it away, by what stands around them.
 *
 * @param isTail - True for signs that end a syllable.
 */
export function withDefaultVowel(
  reading: Reading,
  target: string,
  start: number,
  end: number,
  isTail: boolean,
): string {
  const { characters, tables } = reading;
  const script = tables.script(characters[start]!);
  const vowels = tables.vowels(script);
  if (vowels.length === 0) return target;
  const consonant = readConsonant(target, vowels, end - start === 1, script === 'Tibetan');
  if (!consonant) return target;
  const { bare, voweled, full } = consonant;
  if (isTail) return full;
  if (script === 'Tibetan') {
    if (reading.isDropped.has(start)) return '';
    return reading.speaksVowel.get(start) ? voweled : bare;
  }
  const [before, next, second] = [characters[start - 1] ?? '', characters[end] ?? '', characters[end + 1] ?? ''];
  if (next === khmerYo && ('bcdfghklmnpqrstvwz'.includes(bare) || bare === 'ng')) return bare;
  if (tables.isVowelSign(next) || tables.isMedial(next) || tables.isSubjoined(next) || tables.isVirama(next))
    return bare;
  if (tables.isNonspacing(next) && (tables.isVowelSign(second) || tables.isVirama(second))) return bare;
  if (tables.isVirama(before)) return voweled;
  // The official code looks for an r before the vowel here.
  if (startsWord(reading, start) && !/r[aeiou]/.test(full)) return voweled;
  const isLast = endsWord(reading, end);
  if (isLast === undefined) return full;
  if (isLast) {
    const isSilent = (script === 'Devanagari' && reading.language !== 'san') || silentEnds.has(reading.language ?? '');
    return isSilent ? full : voweled;
  }
  if (tables.script(before) !== script) return voweled;
  if (tables.isVocalic(characters[end - 1]!)) return bare;
  return tables.script(next) === script ? voweled : full;
}

const palatal = new Map<string, RegExp>();

function readConsonant(
  target: string,
  vowels: readonly string[],
  isSingle: boolean,
  isTibetan: boolean,
): ConsonantReading | undefined {
  const key = vowels.join('|');
  let pattern = palatal.get(key);
  if (!pattern) {
    const repeated = vowels.map((vowel) => `${vowel}+`).join('|');
    pattern = new RegExp(`^(?:([cfghkmnqrstxy]?y)(${repeated})-?|([${consonants}]+)(${key})(-?))$`);
    palatal.set(key, pattern);
  }
  const found = pattern.exec(target);
  const bare = found?.[1] ?? found?.[3] ?? target;
  if (!onlyConsonants.test(bare) && !(isTibetan && bare === "'")) return undefined;
  const full = found?.[5] === '-' && isSingle ? target.slice(0, -1) : target;
  return { bare, voweled: bare + (found?.[2] ?? found?.[4] ?? vowels[0]!), full };
}

const onlyConsonants = new RegExp(`^[${consonants}]+$`);
