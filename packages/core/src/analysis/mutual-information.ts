import * as v from 'valibot';
import { InputError } from '../errors/input-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { entropyEstimates } from './entropy-estimates';
import { neighborOffsets, visitNeighbors } from './neighbor-offsets';
import { ngramKey, ngramSymbols } from './ngram-windows';
import { addCount, loadCounts, mergeCounts, saveCounts, type SymbolCounts, totalCount } from './symbol-counts';
import { type TokenAccumulator, tokenAccumulator } from './token-accumulator';
import { absent, type LevelFacts } from './token-stream';

export interface MutualInformationOptions {
  /** How many tokens apart, each at least 1. Default `[1]`. */
  readonly distances?: readonly number[];
}

/** What a token says about its neighbor in one direction. */
export interface NeighborInformation {
  /** Name of an axis of the level, or `diagonal`: right and down on the last two axes. */
  readonly direction: string;
  readonly distance: number;
  /** Pairs that were counted. */
  readonly pairs: number;
  /** `H(X) + H(Y) - H(X, Y)` of the observed frequencies, bits: too high where there are few pairs for each code. */
  readonly bits: number;
  /** The same of entropies corrected by Miller and Madow; may be below 0. */
  readonly corrected: number;
  /** bits / min(H(X), H(Y)), 0..1; 0 where one of them is 0. */
  readonly normalized: number;
}

/**
 * Mutual information of neighboring tokens of every level of a set of items: along each axis and the diagonal.
 *
 * @param saved - What `toJSON` gave.
 * @throws {InputError} A distance is no whole number of at least 1.
 */
export function mutualInformationAccumulator(
  { distances = [1] }: MutualInformationOptions = {},
  saved?: Json,
): TokenAccumulator<readonly NeighborInformation[]> {
  const wrong = distances.find((distance) => !Number.isSafeInteger(distance) || distance < 1);
  if (wrong !== undefined) {
    throw new InputError('distances', 'whole numbers of at least 1', String(wrong));
  }
  return tokenAccumulator<Map<string, SymbolCounts>, readonly NeighborInformation[]>(
    {
      metric: 'mutual-information',
      options: { unit: 'bits', distances },
      create: () => new Map(),
      add: (pairs, stream) => {
        const { shape, axes, symbols } = stream;
        for (const { direction, distance, steps } of neighborOffsets(axes, distances)) {
          const counts = directionCounts(pairs, `${direction} ${distance}`);
          visitNeighbors(shape, steps, (position, neighbor) => {
            const pair = [symbols[position]!, symbols[neighbor]!];
            if (!pair.includes(absent)) addCount(counts, ngramKey(pair, stream));
          });
        }
      },
      merge: (pairs, others) => {
        for (const [direction, counts] of others) {
          mergeCounts(directionCounts(pairs, direction), counts);
        }
      },
      value: (pairs, level) =>
        [...pairs].map(([key, counts]) => {
          const [direction = '', distance] = key.split(' ');
          return { direction, distance: Number(distance), ...informationOf(counts, level) };
        }),
      save: (pairs) => Object.fromEntries([...pairs].map(([direction, counts]) => [direction, saveCounts(counts)])),
      load: (json, where) =>
        new Map(
          Object.entries(parseWith(v.record(v.string(), v.unknown()), json, where)).map(([direction, counts]) => [
            direction,
            loadCounts(counts as Json, `${where}.${direction}`),
          ]),
        ),
    },
    saved,
  );
}

/** Of counted pairs. */
function informationOf(
  counts: SymbolCounts,
  level: LevelFacts,
): Pick<NeighborInformation, 'pairs' | 'bits' | 'corrected' | 'normalized'> {
  const [left, right]: [SymbolCounts, SymbolCounts] = [new Map(), new Map()];
  for (const [key, count] of counts) {
    const [first, second] = ngramSymbols(key, 2, level);
    addCount(left, first!, count);
    addCount(right, second!, count);
  }
  const [x, y, both] = [left, right, counts].map((own) => entropyEstimates(own.values()));
  const bits = Math.max(0, x!.plugIn + y!.plugIn - both!.plugIn);
  const least = Math.min(x!.plugIn, y!.plugIn);
  return {
    pairs: totalCount(counts),
    bits,
    corrected: x!.millerMadow + y!.millerMadow - both!.millerMadow,
    normalized: least === 0 ? 0 : bits / least,
  };
}

function directionCounts(pairs: Map<string, SymbolCounts>, direction: string): SymbolCounts {
  let counts = pairs.get(direction);
  if (counts === undefined) {
    counts = new Map();
    pairs.set(direction, counts);
  }
  return counts;
}
