import { compareCodePoints } from '../code-point-order';
import { splitUnits, type UnitEnd } from '../units/text-units';
import { repeatedSubstrings } from './repeated-substrings';

/** Pieces and their scores. */
export interface ScoredPieces {
  readonly texts: readonly string[];
  /** Logarithms of probabilities; NaN for the unknown piece. */
  readonly scores: Float64Array;
}

/** What stands for unknown characters while training; always piece 0. */
export const unknownPiece = '<UNK>';

/**
 * Pieces to begin with: every character, then substrings of the distinct words by occurrences times length.
 *
 * @param words - Distinct words and how often they come.
 * @param longest - Characters of the longest piece.
 * @param limit - Pieces at most, though one substring comes in any case.
 * @param unitEnd - What a character is.
 * @see make_seed_sentence_pieces of tokenizers/src/models/unigram/trainer.rs
 */
export function seedPieces(
  words: readonly (readonly [string, number])[],
  longest: number,
  limit: number,
  unitEnd: UnitEnd,
): ScoredPieces {
  const alphabet = countCharacters(words, unitEnd);
  const symbols = joinWords(words, alphabet, unitEnd);
  const texts = [unknownPiece];
  const weights = [Number.NaN];
  // By falling count; of equals the last character first.
  const ordered = alphabet.characters
    .map((character, index) => ({ character, count: alphabet.counts[index]!, index }))
    .filter(({ character }) => character !== noCharacter)
    .sort((one, other) => other.count - one.count || other.index - one.index);
  for (const { character, count } of ordered) {
    texts.push(character);
    weights.push(count);
  }
  const { starts, lengths, counts } = repeatedSubstrings(symbols, longest);
  // By falling score; of equals the last text first.
  const ranked = Uint32Array.from(starts, (_, index) => index).sort(
    (one, other) => counts[other]! * lengths[other]! - counts[one]! * lengths[one]! || other - one,
  );
  for (const index of ranked) {
    const start = starts[index]!;
    const piece = symbols.subarray(start, start + lengths[index]!);
    texts.push(Array.from(piece, (symbol) => alphabet.characters[symbol]!).join(''));
    weights.push(counts[index]! * lengths[index]!);
    if (texts.length - 1 >= limit) break;
  }
  let sum = 0;
  for (let index = 1; index < weights.length; index += 1) sum += weights[index]!;
  const logSum = Math.log(sum);
  return { texts, scores: Float64Array.from(weights, (weight) => Math.log(weight) - logSum) };
}

/** It ends words in the official code, and so is part of no piece. */
const noCharacter = '\0';

/** Characters by code points, numbered from 0, which is {@link noCharacter}. */
interface CountedAlphabet {
  readonly characters: readonly string[];
  readonly counts: readonly number[];
  readonly numbers: ReadonlyMap<string, number>;
}

function countCharacters(words: readonly (readonly [string, number])[], unitEnd: UnitEnd): CountedAlphabet {
  const counts = new Map([[noCharacter, 0]]);
  for (const [word, count] of words) {
    for (const character of splitUnits(word, unitEnd)) counts.set(character, (counts.get(character) ?? 0) + count);
  }
  const characters = [...counts.keys()].sort(compareCodePoints);
  return {
    characters,
    counts: characters.map((character) => counts.get(character)!),
    numbers: new Map(characters.map((character, index) => [character, index])),
  };
}

/** Numbers of the characters of all words, a 0 behind each word. */
function joinWords(
  words: readonly (readonly [string, number])[],
  { numbers }: CountedAlphabet,
  unitEnd: UnitEnd,
): Int32Array {
  let room = 0;
  for (const [word] of words) room += word.length + 1;
  const symbols = new Int32Array(room);
  let at = 0;
  for (const [word] of words) {
    if (word === '') continue;
    for (const character of splitUnits(word, unitEnd)) symbols[at++] = numbers.get(character)!;
    symbols[at++] = 0;
  }
  return symbols.slice(0, at);
}
