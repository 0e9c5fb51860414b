import { decodeRuns } from '../tables/decode-runs';
import { type CharacterNumber, readNumbers } from './character-numbers';
import { readRules, type RomanRules } from './roman-rules';
import { uromanData } from './uroman-data';

/** What the romanizer knows of characters. All tests take one character; the empty text has no property. */
export interface RomanTables {
  readonly rules: RomanRules;
  /** Number that a character stands for by itself. */
  number(character: string): CharacterNumber | undefined;
  /** Name of a script that rules ask for, and nothing for others. */
  script(character: string): string;
  /** Vowels that consonants of a script are read with. */
  vowels(script: string): readonly string[];
  /** Value of a digit, 0..9. */
  digit(character: string): number | undefined;
  /** Whether a character has a number other than zero. */
  isNumeric(character: string): boolean;
  isVowelSign(character: string): boolean;
  isMedial(character: string): boolean;
  isVirama(character: string): boolean;
  isSubjoined(character: string): boolean;
  isTibetanLetter(character: string): boolean;
  isNukta(character: string): boolean;
  isVocalic(character: string): boolean;
  isLowercase(character: string): boolean;
  isLetter(character: string): boolean;
  isLetterOrMark(character: string): boolean;
  isNonspacing(character: string): boolean;
  isFormat(character: string): boolean;
  isPrivate(character: string): boolean;
  isToneMark(character: string): boolean;
  /** Thai vowels that are written before their consonant. */
  isBeforeConsonant(character: string): boolean;
  /** What a compatibility character stands for. */
  decomposition(character: string): string | undefined;
  readonly minusSigns: readonly string[];
  readonly plusSigns: readonly string[];
  readonly fractionSigns: readonly string[];
}

let tables: RomanTables | undefined;

/** Reads the tables at the first call. */
export function romanTables(): RomanTables {
  return (tables ??= readTables());
}

function readTables(): RomanTables {
  const [marks, kinds] = [decodeRuns(uromanData.marks), decodeRuns(uromanData.kinds)];
  const [scripts, digits] = [decodeRuns(uromanData.scripts), decodeRuns(uromanData.digits)];
  const decomposed = decodeRuns(uromanData.decomposed);
  const scriptNames = ['', ...uromanData.scriptNames.split(',')];
  const vowels = new Map<string, readonly string[]>();
  for (const entry of uromanData.vowels.split(' ')) {
    const [script, list] = entry.split(':') as [string, string];
    vowels.set(scriptNames[Number(script)]!, list.split(','));
  }
  const decompositions = new Map<string, string>();
  for (const [character, ...parts] of uromanData.decompositions.split('\t')) {
    decompositions.set(character!, parts.join(''));
  }
  const numbers = readNumbers(uromanData.numbers);
  const [minusSigns, plusSigns, fractionSigns] = uromanData.signs
    .split('|')
    .map((list) => list.split(',').filter((sign) => sign !== '')) as [string[], string[], string[]];
  const at = (table: Uint8Array, character: string): number => table[character.codePointAt(0) ?? 0x110000] ?? 0;
  const mark = (bit: number) => (character: string) => ((at(marks, character) >> bit) & 1) === 1;
  const kind =
    (...wanted: readonly number[]) =>
    (character: string) =>
      wanted.includes(at(kinds, character) % 6);
  const isOneOf = (list: string) => (character: string) => character !== '' && list.includes(character);
  return {
    rules: readRules(uromanData),
    number: (character) => numbers.get(character),
    script: (character) => scriptNames[at(scripts, character)]!,
    vowels: (script) => vowels.get(script) ?? [],
    digit: (character) => {
      const value = at(digits, character);
      return value === 0 ? undefined : value - 1;
    },
    isNumeric: (character) => at(kinds, character) >= 6,
    isVowelSign: mark(0),
    isMedial: mark(1),
    isVirama: mark(2),
    isSubjoined: mark(3),
    isTibetanLetter: mark(4),
    isNukta: mark(5),
    isVocalic: mark(6),
    isLowercase: mark(7),
    isLetter: kind(1),
    isLetterOrMark: kind(1, 2, 3),
    isNonspacing: kind(2),
    isFormat: kind(4),
    isPrivate: kind(5),
    isToneMark: isOneOf(uromanData.toneMarks),
    isBeforeConsonant: isOneOf(uromanData.beforeConsonant),
    decomposition: (character) =>
      at(decomposed, character) === 1 ? (decompositions.get(character) ?? character.normalize('NFKD')) : undefined,
    minusSigns,
    plusSigns,
    fractionSigns,
  };
}
