import * as v from 'valibot';
import { InputError } from '../errors/input-error';
import type { Json } from '../signal/signal';
import { parseWith } from '../tokenizer/parse-with';
import { entropyOf } from './entropy-estimates';
import { logSpaced } from './log-spaced';
import { fitMandelbrot } from './mandelbrot';
import { checkNgramLength, longestNgram, ngramKeys, type NgramScan, ngramSymbols } from './ngram-windows';
import { checkScanOrder } from './scan-order';
import {
  addCount,
  loadCounts,
  mergeCounts,
  mostFrequent,
  rankedCounts,
  saveCounts,
  type SymbolCounts,
  totalCount,
} from './symbol-counts';
import { type TokenAccumulator, tokenAccumulator } from './token-accumulator';
import type { LevelFacts, TokenStream, TokenSymbol } from './token-stream';

export interface NgramOptions extends NgramScan {
  /** Longest n-grams, 1..4. Default 4. */
  readonly length?: number;
  /** How many of the most frequent n-grams are listed. Default 10. */
  readonly mostFrequent?: number;
}

/** n-grams of one length. */
export interface NgramStatistics {
  readonly length: number;
  /** n-grams that were counted. */
  readonly total: number;
  /** Different ones. */
  readonly types: number;
  /** Plug-in entropy of an n-gram, bits. */
  readonly entropy: number;
  /** Bits of a token when those before it in the n-gram are known: entropy less that of the next shorter n-grams. */
  readonly conditional: number;
  /** Frequency ~ rank^-exponent, by maximum likelihood. */
  readonly zipfExponent: number;
  /** Rank and frequency at up to 100 ranks, evenly spaced in the logarithm. */
  readonly rankFrequency: readonly (readonly [rank: number, count: number])[];
  readonly mostFrequent: readonly { readonly symbols: readonly TokenSymbol[]; readonly count: number }[];
}

const plottedRanks = 100;

/**
 * How often each n-gram of one grid of ids occurs.
 *
 * @param ids - Row-major ids; n-grams with -1 are left out.
 * @param shape - Axis lengths, outermost first.
 * @returns n-grams as their ids with spaces between, with their counts.
 * @throws {InputError} `length` is not 1..4, no such order, or an id below -1.
 */
export function ngramCounts(
  ids: Int32Array,
  shape: readonly number[],
  length: number,
  scan: NgramScan = {},
): ReadonlyMap<string, number> {
  checkNgramLength('length', length);
  checkScanOrder(scan.order ?? 'row');
  if (ids.some((id) => id < -1)) {
    throw new InputError('ids', 'ids of at least 0, or -1', String(ids.find((id) => id < -1)));
  }
  const level: LevelFacts = { kind: 'index', vocabularySize: 2 ** 31 - 1, bitsPerToken: 31 };
  const counts = new Map<string, number>();
  const stream: TokenStream = { ...level, shape, axes: [], symbols: Array.from(ids) };
  for (const key of ngramKeys(stream, length, scan)) {
    const text = ngramSymbols(key, length, level).join(' ');
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return counts;
}

/**
 * n-grams of 1 to `length` tokens of every level of a set of items, never from one item into another.
 *
 * @param saved - What `toJSON` gave.
 * @throws {InputError} `length` is not 1..4, or no such order.
 */
export function ngramAccumulator(
  { length = longestNgram, order = 'row', acrossLines = true, mostFrequent: limit = 10 }: NgramOptions = {},
  saved?: Json,
): TokenAccumulator<readonly NgramStatistics[]> {
  checkNgramLength('length', length);
  checkScanOrder(order);
  return tokenAccumulator<SymbolCounts[], readonly NgramStatistics[]>(
    {
      metric: 'ngrams',
      options: { length, order, acrossLines, mostFrequent: limit },
      create: () => Array.from({ length }, () => new Map()),
      add: (all, stream) => {
        for (const [index, counts] of all.entries()) {
          for (const key of ngramKeys(stream, index + 1, { order, acrossLines })) {
            addCount(counts, key);
          }
        }
      },
      merge: (all, others) => {
        for (const [index, counts] of all.entries()) {
          mergeCounts(counts, others[index]!);
        }
      },
      value: (all, level) => all.map((counts, index) => statisticsOf(counts, all[index - 1], index + 1, limit, level)),
      save: (all) => all.map(saveCounts),
      load: (json, where) =>
        parseWith(v.pipe(v.array(v.unknown()), v.length(length)), json, where).map((counts, index) =>
          loadCounts(counts as Json, `${where}[${index}]`),
        ),
    },
    saved,
  );
}

function statisticsOf(
  counts: SymbolCounts,
  shorter: SymbolCounts | undefined,
  length: number,
  limit: number,
  level: LevelFacts,
): NgramStatistics {
  const entropy = entropyOf(counts.values());
  const ranked = rankedCounts(counts);
  return {
    length,
    total: totalCount(counts),
    types: counts.size,
    entropy,
    conditional: entropy - (shorter ? entropyOf(shorter.values()) : 0),
    zipfExponent: fitMandelbrot(ranked, { offset: 0 }).exponent,
    rankFrequency: logSpaced(ranked.length, plottedRanks).map((rank) => [rank, ranked[rank - 1]!]),
    mostFrequent: mostFrequent(counts, limit).map(([key, count]) => ({
      symbols: ngramSymbols(key, length, level),
      count,
    })),
  };
}
