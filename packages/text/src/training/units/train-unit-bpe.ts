import { InputError } from '@tesserae/core/data';
import { type BpeTrainingOptions, type TrainedBpe, trainBpe } from '../bpe/train-bpe';
import type { TrainingProgress } from '../progress';
import type { WordCounts } from '../word-counts';
import { splitUnits, type TrainingUnit, unitEndOf } from './text-units';

/** Settings of {@link trainUnitBpe}. */
export interface UnitBpeTrainingOptions extends Omit<BpeTrainingOptions, 'resumeFrom'> {
  /** What merges never split. Default `character`, which is ordinary BPE. */
  readonly unit?: TrainingUnit;
}

/**
 * Learns byte-pair encoding whose tokens never end inside an akshara of the corpus: first merges that make every akshara
 * one token, then the usual ones of whole aksharas. The result is an ordinary BPE model; aksharas that the corpus does
 * not have can be split. The words must be text, not bytes.
 *
 * No official code is known: Paramanu (arXiv 2401.18034) describes such a tokenizer in words only.
 *
 * @param words - Distinct words after normalizing and pre-tokenizing.
 * @throws {InputError} An option out of its range; a vocabulary too small for the aksharas.
 */
export function* trainUnitBpe(
  words: WordCounts,
  options: UnitBpeTrainingOptions = {},
): Generator<TrainingProgress, TrainedBpe> {
  const { unit = 'character', ...rest } = options;
  if (unit === 'character') return yield* trainBpe(words, rest);
  const units = yield* trainBpe(countUnits(words, unit), {
    ...(options.specialTokens && { specialTokens: options.specialTokens }),
    ...(options.initialAlphabet !== undefined && { initialAlphabet: options.initialAlphabet }),
    vocabularySize: Infinity,
  });
  const { vocabularySize = 30_000 } = options;
  if (units.tokens.length > vocabularySize) {
    throw new InputError(
      'vocabularySize',
      `at least ${units.tokens.length}, for the aksharas of the corpus`,
      String(vocabularySize),
    );
  }
  return yield* trainBpe(words, { ...rest, resumeFrom: units });
}

function countUnits(words: WordCounts, unit: TrainingUnit): Map<string, number> {
  const unitEnd = unitEndOf(unit);
  const counts = new Map<string, number>();
  for (const [word, count] of words) {
    for (const part of splitUnits(word, unitEnd)) counts.set(part, (counts.get(part) ?? 0) + count);
  }
  return counts;
}
