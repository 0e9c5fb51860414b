import { type BpeTrainingOptions, type TrainedBpe, trainBpe } from './bpe/train-bpe';
import type { TrainingProgress } from './progress';
import type { WordCounts } from './word-counts';

/** Settings of the WordPiece trainer; the prefix is `##` by default. */
export type WordPieceTrainingOptions = Omit<BpeTrainingOptions, 'resumeFrom'>;

/** What the trainer learned. */
export interface TrainedWordPiece extends Omit<TrainedBpe, 'kind'> {
  readonly kind: 'wordpiece';
  readonly continuingSubwordPrefix: string;
}

/**
 * Learns a WordPiece vocabulary as the Hugging Face `WordPieceTrainer` does: it is the BPE trainer with a prefix, which
 * takes the most frequent pair, not the one that raises the likelihood most. Its merges are of no use to the tokenizer,
 * which takes the longest piece.
 *
 * @param words - Distinct words after normalizing and pre-tokenizing.
 * @throws {InputError} An option out of its range.
 * @see tokenizers/src/models/wordpiece/trainer.rs
 */
export function* trainWordPiece(
  words: WordCounts,
  options: WordPieceTrainingOptions = {},
): Generator<TrainingProgress, TrainedWordPiece> {
  const { continuingSubwordPrefix = '##' } = options;
  const trained = yield* trainBpe(words, { ...options, continuingSubwordPrefix });
  return { ...trained, kind: 'wordpiece', continuingSubwordPrefix };
}
