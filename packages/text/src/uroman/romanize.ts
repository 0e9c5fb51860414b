import { InputError } from '@tesserae/core/data';
import { withAlternatives } from './alternatives';
import { addBrailleNumbers, markCapitals } from './braille';
import { bestPath, type LatticeEdge } from './lattice';
import { addNumbers } from './numbers';
import { type Reading, startReading } from './reading';
import { addRuleEdges, addSingleEdges } from './rule-edges';
import { placeTibetanVowels } from './tibetan';

export interface RomanizeOptions {
  /** ISO 639-3 code of the language, such as `ukr`, for the rules that are for some languages only. Default: none of them. */
  readonly language?: string;
  /**
   * False romanizes the text as a whole, as the Python interface of uroman does; true in parts that end at spaces (with the
   * commas, full stops and semicolons around them), as its command does. What stands beyond a space can matter: two
   * spaces of two parts are kept, where a whole text has one. Default false.
   */
  readonly inParts?: boolean;
}

export interface RomanEdgeOptions extends RomanizeOptions {
  /**
   * `edges`: the best way through the text; `alternatives`: each edge of it followed by what its characters could also be;
   * `lattice`: all edges that were found, also followed by alternatives. Default `edges`.
   */
  readonly format?: 'edges' | 'alternatives' | 'lattice';
  /** What places count. Default `utf16`. */
  readonly offsets?: 'utf16' | 'codepoint';
}

/** A span of the text in Latin letters. */
export interface RomanEdge {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /**
   * Where it comes from, in the words of the official code: `rom` and words behind it for rules, `rom-alt` for
   * alternatives, `orig` for characters that stay, `Mn`, `Cf` and `Co` for characters that are left out, `digit`,
   * `fraction`, `D1`, `G1`–`G4` and others for numbers.
   */
  readonly kind: string;
}

/**
 * Text in any script into Latin letters, with the tables and results of uroman 1.3.1.1 (Hermjakob, May & Knight, "Out-of-
 * the-box Universal Romanization Tool uroman", ACL 2018; uroman.py of isi-nlp/uroman). Publications that use it must
 * credit uroman.
 *
 * @returns Characters without a romanization stay as they are.
 * @throws {InputError} What is not text.
 */
export function romanize(text: string, options: RomanizeOptions = {}): string {
  return partsOf(text, options)
    .map((part) => joined(bestPath(readPart(part, options).lattice, [...part].length)))
    .join('');
}

/**
 * As {@link romanize}, with the place of every piece.
 *
 * @throws {InputError} What is not text.
 */
export function romanizeEdges(text: string, options: RomanEdgeOptions = {}): RomanEdge[] {
  const { format = 'edges', offsets = 'utf16' } = options;
  const result: RomanEdge[] = [];
  let base = 0;
  for (const part of partsOf(text, options)) {
    const reading = readPart(part, options);
    const { length } = reading.characters;
    const found = format === 'lattice' ? allEdges(reading) : bestPath(reading.lattice, length);
    const edges = format === 'edges' ? found : withAlternatives(reading, found);
    const place = (at: number): number => base + (offsets === 'codepoint' ? at : reading.slice(0, at).length);
    for (const edge of edges) {
      result.push({ start: place(edge.start), end: place(edge.end), text: edge.text, kind: edge.kind });
    }
    base += offsets === 'codepoint' ? length : part.length;
  }
  return result;
}

function partsOf(text: string, { inParts = false }: RomanizeOptions): string[] {
  if (typeof text !== 'string') throw new InputError('text', 'a string', typeof text);
  if (!inParts) return [text];
  const parts: string[] = [];
  let last = 0;
  for (const { 0: delimiter, index } of text.matchAll(/[.,; ]*[ 。་][.,; ]*/g)) {
    parts.push(text.slice(last, index), delimiter);
    last = index + delimiter.length;
  }
  return [...parts, text.slice(last)].filter((part) => part !== '');
}

function readPart(text: string, options: RomanizeOptions): Reading {
  const reading = startReading(text, options.language);
  placeTibetanVowels(reading);
  markCapitals(reading);
  addRuleEdges(reading, (part) => romanize(part, options));
  addNumbers(reading);
  addBrailleNumbers(reading);
  addSingleEdges(reading);
  return reading;
}

const joined = (edges: readonly LatticeEdge[]): string => edges.map((edge) => edge.text).join('');

function allEdges({ lattice, characters }: Reading): LatticeEdge[] {
  return characters.flatMap((_, start) => lattice.endsFrom(start).flatMap((end) => [...lattice.between(start, end)]));
}
