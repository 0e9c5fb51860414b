import type { TrainingUnit } from '../units/text-units';

/** Settings of the Unigram trainer; names and defaults are those of the Hugging Face `UnigramTrainer`. */
export interface UnigramTrainingOptions {
  /** Pieces, special tokens included. Default 8000. */
  readonly vocabularySize?: number;
  /** Rounds of expectation and maximization before each pruning. Default 2. */
  readonly subIterations?: number;
  /** Share of the pieces that a pruning leaves, above 0 and below 1. Default 0.75. */
  readonly shrinkingFactor?: number;
  /** The first ids, with score 0. Default: none. */
  readonly specialTokens?: readonly string[];
  /** Characters that are pieces even where the corpus has none of them. Default: none. */
  readonly initialAlphabet?: string;
  /** Token of unknown characters; where it is no special token it becomes the first. Default: none. */
  readonly unknownToken?: string;
  /** What pieces never split: every one of the corpus is a piece itself. Default `character`. */
  readonly unit?: TrainingUnit;
  /** Characters (or what `unit` says) of the longest piece. Default 16. */
  readonly maximumPieceLength?: number;
  /** Pieces to begin with at most. Default 1 000 000. */
  readonly seedSize?: number;
}

/** What the trainer learned. */
export interface TrainedUnigram {
  readonly kind: 'unigram';
  /** Pieces and scores (logarithms of probabilities) in the order of their ids. */
  readonly pieces: readonly (readonly [piece: string, score: number])[];
  readonly unknownId: number | undefined;
  readonly specialTokens: readonly string[];
}
