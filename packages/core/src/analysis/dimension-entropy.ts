import { InputError } from '../errors/input-error';
import type { Json } from '../signal/signal';
import { countAccumulator } from './count-accumulator';
import { entropyOf } from './entropy-estimates';
import { addCount, type SymbolCounts } from './symbol-counts';
import type { TokenAccumulator } from './token-accumulator';
import { bitOfSymbol, type LevelFacts, type TokenSymbol } from './token-stream';

export interface DimensionEntropyOptions {
  /**
   * Levels of each component of an id, component 0 least significant: `[8, 5, 5, 5]` for FSQ. Default: every id is one
   * component. Levels of bits have a component a bit and take no digits.
   */
  readonly digits?: readonly number[];
}

/** Entropy of the components that a token is made of. */
export interface DimensionEntropy {
  /** Bits, one a component. */
  readonly marginals: readonly number[];
  readonly sum: number;
  /** Bits of whole tokens, plug-in. */
  readonly joint: number;
  /** sum - joint, bits of at least 0: 0 where the components are independent. */
  readonly dependence: number;
}

/**
 * Marginal entropies of the components of FSQ, LFQ, BSQ and binary tokens, and what they share.
 *
 * @param saved - What `toJSON` gave.
 * @throws {InputError} A number of levels is no whole number of at least 1; when read: the digits do not multiply to the vocabulary.
 */
export function dimensionEntropyAccumulator(
  { digits }: DimensionEntropyOptions = {},
  saved?: Json,
): TokenAccumulator<DimensionEntropy> {
  const wrong = digits?.find((levels) => !Number.isSafeInteger(levels) || levels < 1);
  if (wrong !== undefined) {
    throw new InputError('digits', 'whole numbers of at least 1', String(wrong));
  }
  return countAccumulator(
    {
      metric: 'dimension-entropy',
      options: { unit: 'bits', estimator: 'plug-in', digits: digits ?? null },
      check: (level) => {
        componentsOf(level, digits);
      },
      value: (counts, level) => {
        const marginals = componentsOf(level, digits).map((component) => {
          const own: SymbolCounts = new Map();
          for (const [symbol, count] of counts) {
            addCount(own, component(symbol), count);
          }
          return entropyOf(own.values());
        });
        const sum = marginals.reduce((all, bits) => all + bits, 0);
        const joint = entropyOf(counts.values());
        return { marginals, sum, joint, dependence: Math.max(0, sum - joint) };
      },
    },
    saved,
  );
}

function componentsOf(
  { kind, vocabularySize, bitsPerToken }: LevelFacts,
  digits: readonly number[] | undefined,
): readonly ((symbol: TokenSymbol) => number)[] {
  if (kind === 'bits') {
    return Array.from({ length: bitsPerToken }, (_, bit) => (symbol) => bitOfSymbol(symbol, bit));
  }
  const list = digits ?? [vocabularySize];
  const product = list.reduce((all, levels) => all * levels, 1);
  if (product !== vocabularySize) {
    throw new InputError(
      'digits',
      `a product of ${vocabularySize}, the vocabulary`,
      `${list.join(' x ')} = ${product}`,
    );
  }
  let base = 1;
  return list.map((levels) => {
    const own = base;
    base *= levels;
    return (symbol) => Math.floor(Number(symbol) / own) % levels;
  });
}
