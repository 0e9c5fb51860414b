import * as v from 'valibot';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { type EntropyEstimator, entropyOf } from './entropy-estimates';
import { addCount, loadCounts, mergeCounts, saveCounts, type SymbolCounts } from './symbol-counts';
import { type TokenAccumulator, tokenAccumulator } from './token-accumulator';
import { absent } from './token-stream';

export interface PositionEntropyOptions {
  /** Default `grassberger`: there are only as many tokens at a position as items. */
  readonly estimator?: EntropyEstimator;
}

/** Entropy of the tokens at each place. */
export interface PositionEntropy {
  /** Bits a token, one for each row-major position of the level; NaN where no item has a token. */
  readonly bits: readonly number[];
  /** Mean of `bits` over positions with tokens. */
  readonly mean: number;
}

/**
 * Entropy at each position of every level: how much the place of a token says about it. It takes many items; memory
 * grows with positions times codes used there.
 *
 * @param saved - What `toJSON` gave.
 */
export function positionEntropyAccumulator(
  { estimator = 'grassberger' }: PositionEntropyOptions = {},
  saved?: Json,
): TokenAccumulator<PositionEntropy> {
  return tokenAccumulator<SymbolCounts[], PositionEntropy>(
    {
      metric: 'position-entropy',
      options: { unit: 'bits per token', estimator },
      create: () => [],
      add: (positions, { symbols }) => {
        for (const [position, symbol] of symbols.entries()) {
          const counts = (positions[position] ??= new Map());
          if (symbol !== absent) {
            addCount(counts, symbol);
          }
        }
      },
      merge: (positions, others) => {
        for (const [position, other] of others.entries()) {
          mergeCounts((positions[position] ??= new Map()), other);
        }
      },
      value: (positions) => {
        const bits = positions.map((counts) => entropyOf(counts.values(), estimator));
        const known = bits.filter((value) => !Number.isNaN(value));
        return { bits, mean: known.reduce((sum, value) => sum + value, 0) / known.length };
      },
      save: (positions) => positions.map(saveCounts),
      load: (json, where) =>
        parseWith(v.array(v.unknown()), json, where).map((counts, position) =>
          loadCounts(counts as Json, `${where}[${position}]`),
        ),
    },
    saved,
  );
}
