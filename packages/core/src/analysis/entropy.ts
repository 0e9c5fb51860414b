import type { Json } from '../signal/signal';
import { countAccumulator } from './count-accumulator';
import { type EntropyEstimates, entropyEstimates } from './entropy-estimates';
import type { TokenAccumulator } from './token-accumulator';
import type { LevelFacts } from './token-stream';

/** Entropy of one level. */
export interface LevelEntropy extends EntropyEstimates {
  /** log2 K: what a token of the level costs at most. */
  readonly maximum: number;
  /** plugIn / maximum, 0..1; 1 for a codebook of one code. */
  readonly efficiency: number;
}

/**
 * Entropy of every level of a set of items.
 *
 * @param saved - What `toJSON` gave.
 */
export function entropyAccumulator(saved?: Json): TokenAccumulator<LevelEntropy> {
  return countAccumulator(
    {
      metric: 'entropy',
      options: { unit: 'bits per token' },
      value: (counts, level) => {
        const estimates = entropyEstimates(counts.values());
        const maximum = maximumBits(level);
        return { ...estimates, maximum, efficiency: maximum === 0 ? 1 : estimates.plugIn / maximum };
      },
    },
    saved,
  );
}

/** log2 of the number of codes. */
function maximumBits({ kind, vocabularySize, bitsPerToken }: LevelFacts): number {
  return kind === 'bits' ? bitsPerToken : Math.log2(vocabularySize);
}
