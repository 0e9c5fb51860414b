import { createLattice, type Lattice } from './lattice';
import { type RomanTables, romanTables } from './roman-tables';

/** A text that is being romanized, with what was found out about it so far. */
export interface Reading {
  /** Code points. */
  readonly characters: readonly string[];
  /** ISO 639-3 code. */
  readonly language: string | undefined;
  readonly tables: RomanTables;
  readonly lattice: Lattice;
  /** Text between code points. */
  slice(start: number, end: number): string;
  /** Answers that stand from when they were first asked for, as later edges could change them. */
  readonly isWordStart: Map<number, boolean>;
  readonly isWordEnd: Map<number, boolean>;
  /** Best rules by span: `start,end`. */
  readonly targets: Map<string, string>;
  /** Tibetan letters: whether the vowel of the syllable is spoken behind them; undefined where it is not decided. */
  readonly speaksVowel: Map<number, boolean | undefined>;
  /** Tibetan letters that are not written. */
  readonly isDropped: Set<number>;
  readonly hasBraille: boolean;
  /** Braille letters within words of capitals. */
  readonly isCapital: Set<number>;
}

export function startReading(text: string, language: string | undefined): Reading {
  const characters = [...text];
  const offsets = new Int32Array(characters.length + 1);
  for (const [index, character] of characters.entries()) offsets[index + 1] = offsets[index]! + character.length;
  return {
    characters,
    language,
    tables: romanTables(),
    lattice: createLattice(characters.length),
    slice: (start, end) => text.slice(offsets[start], offsets[Math.min(end, characters.length)]),
    isWordStart: new Map(),
    isWordEnd: new Map(),
    targets: new Map(),
    speaksVowel: new Map(),
    isDropped: new Set(),
    hasBraille: characters.some(isBraille),
    isCapital: new Set(),
  };
}

/** Whether a character is a pattern of Braille. */
export const isBraille = (character: string): boolean => /^[\u2800-\u28ff]/.test(character);

/** Consonants of romanizations, as the insides of a class of a regular expression. */
export const consonants = 'bcdfghjklmnpqrstvwxyz';
