/** What a model gives a hypothesis. */
export interface HypothesisScore {
  /** Natural logarithm; undefined before there is anything to score. */
  readonly logProbability: number | undefined;
  /** What it is divided by, in tokens. */
  readonly length: number;
}

export interface FuseScoreOptions {
  /** Share of the language model, 0..1. Default 0.2. */
  readonly ratio?: number;
  /** Log-probabilities are at least this, and the score of nothing is this. Default -100000. */
  readonly floor?: number;
}

/** Score of a hypothesis under both models: `(1 - ratio) · recognizer + ratio · language model`, each per token. */
export function fuseScores(
  recognizer: HypothesisScore,
  languageModel: HypothesisScore,
  options: FuseScoreOptions = {},
): number {
  const { ratio = 0.2, floor = -100_000 } = options;
  return (1 - ratio) * perToken(recognizer, floor) + ratio * perToken(languageModel, floor);
}

function perToken({ logProbability, length }: HypothesisScore, floor: number): number {
  // Not Math.max, which keeps NaN.
  const bounded = logProbability !== undefined && logProbability > floor ? logProbability : floor;
  return length > 0 ? bounded / length : floor;
}
