import { InputError } from '@tesserae/core/data';
import { codePointsOf, editDistance } from '../edit-distance/edit-distance';

/** How well segmentations of words agree with those of experts. */
export interface SegmentationScores {
  /** Share of predicted segments that are right, 0..1. */
  readonly precision: number;
  /** Share of right segments that are predicted, 0..1. */
  readonly recall: number;
  /** Harmonic mean of both. */
  readonly f1: number;
  /** Mean edit distance of the words, segments joined by ` @@`. */
  readonly distance: number;
}

/**
 * Scores segmentations of words as SIGMORPHON 2022 does (subtask 1; used by Bio-Tokenization, arXiv 2306.17649, section
 * 4): segments of a word are a bag, all words count together.
 *
 * @param reference - Segments of every word.
 * @param predicted - Of the same words in the same order.
 * @throws {InputError} Another number of words, or none.
 */
export function segmentationScores(
  reference: readonly (readonly string[])[],
  predicted: readonly (readonly string[])[],
): SegmentationScores {
  if (predicted.length !== reference.length || reference.length === 0) {
    throw new InputError('predicted', `${Math.max(reference.length, 1)} words`, String(predicted.length));
  }
  let [right, wanted, given, distance] = [0, 0, 0, 0];
  for (const [index, segments] of reference.entries()) {
    const guess = predicted[index]!;
    right += commonCount(segments, guess);
    wanted += segments.length;
    given += guess.length;
    distance += editDistance(codePointsOf(segments.join(' @@')), codePointsOf(guess.join(' @@')));
  }
  const precision = given > 0 ? right / given : 0;
  const recall = wanted > 0 ? right / wanted : 0;
  const f1 = right > 0 ? (2 * precision * recall) / (precision + recall) : 0;
  return { precision, recall, f1, distance: distance / reference.length };
}

function commonCount(a: readonly string[], b: readonly string[]): number {
  const left = new Map<string, number>();
  for (const segment of a) left.set(segment, (left.get(segment) ?? 0) + 1);
  return b.filter((segment) => {
    const count = left.get(segment) ?? 0;
    left.set(segment, count - 1);
    return count > 0;
  }).length;
}

export interface TermVocabularyOptions {
  /** Times that a segment must occur. Default 2. */
  readonly minCount?: number;
  /** Tokens that come first, such as those of BERT. Default: none. */
  readonly base?: readonly string[];
  /** What stands before segments that do not begin a term. Default `##`. */
  readonly continuation?: string;
}

/**
 * The vocabulary of BioVocabBERT (arXiv 2306.17649, section 5): segments of terms that occur more than once, behind those
 * of a base vocabulary, the most frequent first and equals in the order of their first occurrence.
 *
 * @param terms - Segments of every term.
 */
export function vocabularyFromTerms(
  terms: readonly (readonly string[])[],
  options: TermVocabularyOptions = {},
): string[] {
  const { minCount = 2, base = [], continuation = '##' } = options;
  const counts = new Map<string, number>();
  for (const segments of terms) {
    segments.forEach((segment, index) => {
      const token = index === 0 ? segment : continuation + segment;
      if (segment.length > 0) counts.set(token, (counts.get(token) ?? 0) + 1);
    });
  }
  const known = new Set(base);
  const added = [...counts]
    .filter(([token, count]) => count >= minCount && !known.has(token))
    .toSorted(([, a], [, b]) => b - a)
    .map(([token]) => token);
  return [...base, ...added];
}
