import { InputError } from '@tesserae/core/data';
import type { WordAlignment } from './map-tokens';
import { createTranslationTable, type TranslationTable } from './translation-table';

export interface AlignWordsOptions {
  /** Rounds of expectation and maximization. Default 7. */
  readonly iterations?: number;
  /** Prefers words at the same relative place (fast_align `-d`). Default true. */
  readonly favorDiagonal?: boolean;
  /** How much it prefers them, 0.1..14. Default 4. */
  readonly diagonalTension?: number;
  /** Fits the tension to the texts (fast_align `-o`). Default false. */
  readonly optimizeTension?: boolean;
  /** Smooths by a Dirichlet prior of this strength (fast_align `-v -a`). Default: none. */
  readonly dirichlet?: number;
  /** Probability of a word without a partner where the diagonal is preferred. Default 0.08. */
  readonly nullProbability?: number;
}

/** A sentence and its translation, words by spaces. */
export type SentencePair = readonly [oldSentence: string, newSentence: string];

/** Aligned words with their probability. */
export interface WordTranslation extends WordAlignment {
  /** `log P(new word | old word)`. */
  readonly logProbability: number;
}

/**
 * Which words of sentences translate to each other: IBM model 1, or model 2 with a prior for the diagonal, by expectation
 * maximization, as fast_align does (Dyer et al., NAACL 2013).
 *
 * @returns Every pair of words that occurs in one sentence pair, with the expected number of times that it was aligned in
 *   the last round; words without a partner are left out. In the order in which pairs first occur.
 * @throws {InputError} No iterations.
 */
export function alignWords(pairs: readonly SentencePair[], options: AlignWordsOptions = {}): WordTranslation[] {
  const { iterations = 7, favorDiagonal = true, optimizeTension = false, dirichlet, nullProbability = 0.08 } = options;
  if (!(iterations >= 1)) throw new InputError('iterations', 'a number of at least 1', String(iterations));
  const sentences = pairs.map(([old, latest]) => [wordsOf(old), wordsOf(latest)] as const);
  const table = createTranslationTable();
  let tension = options.diagonalTension ?? 4;
  for (let iteration = 0; iteration < iterations; iteration += 1) {
    let feature = 0;
    for (const [old, latest] of sentences) {
      for (const [place, word] of latest.entries()) {
        const prior = favorDiagonal
          ? diagonalPrior(place, latest.length, old.length, tension, nullProbability)
          : new Float64Array(old.length + 1).fill(1 / (old.length + 1));
        const posterior = partnerProbabilities(table, old, word, prior);
        posterior.forEach((value, partner) => {
          table.add(partner === 0 ? undefined : old[partner - 1]!, word, value);
          if (partner > 0) feature += value * diagonalFeature(place, partner - 1, latest.length, old.length);
        });
      }
    }
    if (favorDiagonal && optimizeTension && iteration > 0) tension = fittedTension(sentences, tension, feature);
    table.normalize(dirichlet);
  }
  return table.entries();
}

const wordsOf = (sentence: string): string[] => sentence.split(' ').filter((word) => word !== '');

function partnerProbabilities(
  table: TranslationTable,
  old: readonly string[],
  word: string,
  prior: Float64Array,
): Float64Array {
  const values = prior.map(
    (value, partner) => value * table.probability(partner === 0 ? undefined : old[partner - 1]!, word),
  );
  const total = values.reduce((sum, value) => sum + value, 0);
  return total > 0 ? values.map((value) => value / total) : values;
}

/** Distance from the diagonal, -1..0. */
function diagonalFeature(place: number, partner: number, newLength: number, oldLength: number): number {
  return -Math.abs((partner + 1) / oldLength - (place + 1) / newLength);
}

/** `[1 + old words]`: probability of no partner, then of every old word. */
function diagonalPrior(
  place: number,
  newLength: number,
  oldLength: number,
  tension: number,
  nullProbability: number,
): Float64Array {
  const prior = new Float64Array(oldLength + 1);
  let total = 0;
  for (let partner = 0; partner < oldLength; partner += 1) {
    prior[partner + 1] = Math.exp(tension * diagonalFeature(place, partner, newLength, oldLength));
    total += prior[partner + 1]!;
  }
  for (let partner = 1; partner <= oldLength; partner += 1) prior[partner]! *= (1 - nullProbability) / total;
  prior[0] = nullProbability;
  return prior;
}

/** Eight steps uphill on the likelihood of the tension. */
function fittedTension(
  sentences: readonly (readonly [readonly string[], readonly string[]])[],
  start: number,
  feature: number,
): number {
  const words = sentences.reduce((sum, [, latest]) => sum + latest.length, 0);
  if (words === 0) return start;
  let tension = start;
  for (let step = 0; step < 8; step += 1) {
    let expected = 0;
    for (const [old, latest] of sentences) {
      for (let place = 0; place < latest.length; place += 1) {
        const prior = diagonalPrior(place, latest.length, old.length, tension, 0);
        for (let partner = 0; partner < old.length; partner += 1) {
          expected += prior[partner + 1]! * diagonalFeature(place, partner, latest.length, old.length);
        }
      }
    }
    tension = Math.min(14, Math.max(0.1, tension + (feature / words - expected / words) * 20));
  }
  return tension;
}
