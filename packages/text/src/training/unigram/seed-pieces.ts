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
 * @see make_seed_sentence_pieces of tokenizers/src/models/unigram/trainer.rs
 */
export function seedPieces(
  words: readonly (readonly [string, number])[],
  longest: number,
  limit: number,
): ScoredPieces {
  const symbols = joinWords(words);
  const texts = [unknownPiece];
  const weights = [Number.NaN];
  for (const [codePoint, count] of characterCounts(words)) {
    texts.push(String.fromCodePoint(codePoint));
    weights.push(count);
  }
  const { starts, lengths, counts } = repeatedSubstrings(symbols, longest);
  // By falling score; of equals the last text first.
  const ranked = Uint32Array.from(starts, (_, index) => index).sort(
    (one, other) => counts[other]! * lengths[other]! - counts[one]! * lengths[one]! || other - one,
  );
  for (const index of ranked) {
    const start = starts[index]!;
    texts.push(String.fromCodePoint(...symbols.subarray(start, start + lengths[index]!)));
    weights.push(counts[index]! * lengths[index]!);
    if (texts.length - 1 >= limit) break;
  }
  let sum = 0;
  for (let index = 1; index < weights.length; index += 1) sum += weights[index]!;
  const logSum = Math.log(sum);
  return { texts, scores: Float64Array.from(weights, (weight) => Math.log(weight) - logSum) };
}

/** Code points of all words, a 0 behind each. */
function joinWords(words: readonly (readonly [string, number])[]): Int32Array {
  let room = 0;
  for (const [word] of words) room += word.length + 1;
  const symbols = new Int32Array(room);
  let at = 0;
  for (const [word] of words) {
    if (word === '') continue;
    for (const character of word) symbols[at++] = character.codePointAt(0)!;
    symbols[at++] = 0;
  }
  return symbols.slice(0, at);
}

/** Characters by falling count; of equals the highest code point first. */
function characterCounts(words: readonly (readonly [string, number])[]): (readonly [number, number])[] {
  const counts = new Map<number, number>();
  for (const [word, count] of words) {
    for (const character of word) {
      const codePoint = character.codePointAt(0)!;
      if (codePoint !== 0) counts.set(codePoint, (counts.get(codePoint) ?? 0) + count);
    }
  }
  return [...counts].sort(([one, oneCount], [other, otherCount]) => otherCount - oneCount || other - one);
}
