import { InputError } from '@tesserae/core/data';
import { digamma } from '../../numeric/digamma';
import type { TrainingProgress } from '../progress';
import { unitEndOf } from '../units/text-units';
import { sortedWords, type WordCounts } from '../word-counts';
import { expectedCounts } from './expectation';
import { finalPieces, requiredCharacters } from './final-pieces';
import { createPieceModel, type PieceModel, setPieces } from './lattice';
import { prunePieces } from './prune';
import { type ScoredPieces, seedPieces } from './seed-pieces';
import type { TrainedUnigram, UnigramTrainingOptions } from './settings';

/** Pieces that are expected less often are dropped. */
const rarest = 0.5;
/** Rounds without a piece less before giving up. */
const patience = 20;

/**
 * Learns a Unigram model as the Hugging Face `UnigramTrainer` does: seeds from a suffix array, expectation and
 * maximization with a sparse prior, and pruning by the likelihood that a piece is worth. The library walks words in an
 * order that changes from run to run, so that its scores differ in the last digits; here the order is that of the code
 * points.
 *
 * @param words - Distinct words after normalizing and pre-tokenizing.
 * @throws {InputError} An option out of its range; more characters than the vocabulary has room for.
 * @see tokenizers/src/models/unigram/trainer.rs
 */
export function* trainUnigram(
  words: WordCounts,
  options: UnigramTrainingOptions = {},
): Generator<TrainingProgress, TrainedUnigram> {
  const { vocabularySize = 8000, subIterations = 2, shrinkingFactor = 0.75 } = options;
  const { maximumPieceLength = 16, seedSize = 1_000_000 } = options;
  checkOptions(options, vocabularySize);
  const unitEnd = unitEndOf(options.unit);
  const sentences = sortedWords(words);
  const required = requiredCharacters(sentences, options.initialAlphabet ?? '', unitEnd);
  if (required.length > vocabularySize) {
    throw new InputError(
      'vocabularySize',
      `at least ${required.length}, one for each character`,
      String(vocabularySize),
    );
  }

  yield { stage: 'find-seeds', done: 0, total: sentences.length };
  let pieces = seedPieces(sentences, maximumPieceLength, seedSize, unitEnd);
  yield { stage: 'find-seeds', done: sentences.length, total: sentences.length };

  const model = createPieceModel(pieces.texts, unitEnd);
  setPieces(model, pieces.texts, pieces.scores);
  const desiredSize = Math.floor((vocabularySize * 11) / 10);
  for (let idle = 0; ;) {
    const before = pieces.texts.length;
    for (let round = 0; round < subIterations; round += 1) {
      pieces = maximize(pieces, expectedCounts(model, sentences));
      setPieces(model, pieces.texts, pieces.scores);
      yield { stage: 'estimate', done: pieces.texts.length, total: desiredSize };
    }
    if (pieces.texts.length <= desiredSize) break;
    const size = Math.max(desiredSize, Math.floor(pieces.texts.length * shrinkingFactor));
    pieces = takePieces(model, pieces, prunePieces(model, pieces.texts, sentences, size));
    yield { stage: 'prune', done: pieces.texts.length, total: desiredSize };
    idle = pieces.texts.length < before ? 0 : idle + 1;
    if (idle === patience) break;
  }
  return finalPieces(pieces, required, options, vocabularySize);
}

function takePieces(model: PieceModel, { texts, scores }: ScoredPieces, kept: readonly number[]): ScoredPieces {
  const pieces = {
    texts: kept.map((piece) => texts[piece]!),
    scores: Float64Array.from(kept, (piece) => scores[piece]!),
  };
  setPieces(model, pieces.texts, pieces.scores);
  return pieces;
}

/** Drops rare pieces; the digamma function instead of the logarithm makes rare ones rarer. */
function maximize({ texts }: ScoredPieces, expected: Float64Array): ScoredPieces {
  const kept = texts.map((_, piece) => piece).filter((piece) => piece === 0 || expected[piece]! >= rarest);
  let sum = 0;
  for (const piece of kept) if (piece > 0) sum += expected[piece]!;
  const logSum = digamma(sum);
  return {
    texts: kept.map((piece) => texts[piece]!),
    scores: Float64Array.from(kept, (piece) => (piece === 0 ? Number.NaN : digamma(expected[piece]!) - logSum)),
  };
}

function checkOptions(options: UnigramTrainingOptions, vocabularySize: number): void {
  const { shrinkingFactor = 0.75, subIterations = 2, maximumPieceLength = 16, seedSize = 1_000_000 } = options;
  const { specialTokens = [], unknownToken } = options;
  const own = specialTokens.length + (unknownToken !== undefined && !specialTokens.includes(unknownToken) ? 1 : 0);
  if (!(vocabularySize >= Math.max(1, own))) {
    throw new InputError('vocabularySize', `a number from ${Math.max(1, own)}`, String(vocabularySize));
  }
  if (!(shrinkingFactor > 0 && shrinkingFactor < 1)) {
    throw new InputError('shrinkingFactor', 'a number above 0 and below 1', String(shrinkingFactor));
  }
  for (const [name, value] of Object.entries({ subIterations, maximumPieceLength, seedSize })) {
    if (!(Number.isInteger(value) && value >= 1)) throw new InputError(name, 'an integer from 1', String(value));
  }
}
