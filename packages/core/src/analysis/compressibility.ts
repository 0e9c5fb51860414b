import { deflateSync } from 'fflate';
import type { Json } from '../signal/signal';
import { packedBytes } from '../tokens/bit-packing';
import { estimateBytes, normalizeCounts, ransFits } from '../tokens/rans';
import { checkScanOrder, type ScanOrder } from './scan-order';
import {
  addSequence,
  denseSequences,
  loadSequences,
  mergeSequences,
  saveSequences,
  type SymbolSequences,
} from './symbol-sequences';
import { type TokenAccumulator, tokenAccumulator } from './token-accumulator';
import type { LevelFacts } from './token-stream';

/** Size under an entropy coder whose tables are made of the tokens themselves. */
export interface CodedSize {
  /** Coded tokens. */
  readonly payload: number;
  /** The tables, deflated. */
  readonly tables: number;
  /** payload + tables. */
  readonly bytes: number;
}

/** How small the tokens of a level get, all items together, bytes. */
export interface Compressibility {
  readonly tokens: number;
  /** At fixed width. */
  readonly packed: number;
  /** rANS with one table; null where more codes occur than a table has room for (32768), or fewer than two. */
  readonly order0: CodedSize | null;
  /** rANS with a table for each preceding token, the rare ones sharing one. */
  readonly order1: CodedSize | null;
  /** Deflate of the tokens at whole bytes each. */
  readonly deflate: number;
  /** 1 - smallest / packed: 0 where nothing helps. */
  readonly gain: number;
}

/** Entries of all tables of order 1; beyond, preceding tokens share. */
const mostTableEntries = 2 ** 22;

/**
 * Compressibility of every level of a set of items: fixed width against rANS of order 0 and 1 and deflate. The tokens are
 * kept.
 *
 * @param options.order - How a grid is read. Default `row`.
 * @param saved - What `toJSON` gave.
 * @throws {InputError} No such order.
 */
export function compressibilityAccumulator(
  { order = 'row' }: { readonly order?: ScanOrder } = {},
  saved?: Json,
): TokenAccumulator<Compressibility> {
  checkScanOrder(order);
  return tokenAccumulator<SymbolSequences, Compressibility>(
    {
      metric: 'compressibility',
      options: { unit: 'bytes', order, rans: 'tables of these tokens, counted as deflated', deflate: 'level 9' },
      create: () => [],
      add: (sequences, stream) => addSequence(sequences, stream, order),
      merge: mergeSequences,
      value: compressibilityOf,
      save: saveSequences,
      load: loadSequences,
    },
    saved,
  );
}

function compressibilityOf(all: SymbolSequences, level: LevelFacts): Compressibility {
  const { sequences, size } = denseSequences(all);
  const tokens = sequences.reduce((sum, { length }) => sum + length, 0);
  const packed = packedBytes(tokens, level.bitsPerToken);
  const fits = ransFits(size);
  const order0 = fits ? codedSize(contextCounts(sequences, size, () => 0, 1)) : null;
  const order1 = fits ? orderOne(sequences, size) : null;
  const deflate = deflateSync(wholeBytes(all, level), { level: 9 }).length;
  const smallest = Math.min(packed, deflate, order0?.bytes ?? packed, order1?.bytes ?? packed);
  return { tokens, packed, order0, order1, deflate, gain: packed === 0 ? 0 : 1 - smallest / packed };
}

/** Tables for the most frequent preceding tokens, as many as there is room for; one for the others and the first token. */
function orderOne(sequences: readonly Int32Array[], size: number): CodedSize {
  const [frequency] = contextCounts(sequences, size, () => 0, 1);
  const tables = Math.min(size, Math.floor(mostTableEntries / size) - 1);
  const ranked = [...frequency!.keys()].sort((a, b) => frequency![b]! - frequency![a]! || a - b);
  const table = new Int32Array(size).fill(tables);
  for (const [index, symbol] of ranked.slice(0, tables).entries()) {
    table[symbol] = index;
  }
  const context = (previous: number): number => (previous < 0 ? tables : table[previous]!);
  const counts = contextCounts(sequences, size, context, tables + 1);
  return codedSize(counts.filter((own) => own.some((count) => count > 0)));
}

/** How often each symbol follows in each context; the one before the first is -1. */
function contextCounts(
  sequences: readonly Int32Array[],
  size: number,
  context: (previous: number) => number,
  contexts: number,
): readonly Float64Array[] {
  const counts = Array.from({ length: contexts }, () => new Float64Array(size));
  for (const sequence of sequences) {
    let previous = -1;
    for (const symbol of sequence) {
      counts[context(previous)]![symbol]! += 1;
      previous = symbol;
    }
  }
  return counts;
}

function codedSize(counts: readonly Float64Array[]): CodedSize {
  const tables = normalizeCounts(counts);
  const payload = estimateBytes(counts, tables);
  const { buffer } = tables.frequencies;
  const stored = deflateSync(new Uint8Array(buffer as ArrayBuffer), { level: 6 }).length;
  return { payload, tables: stored, bytes: payload + stored };
}

/** As many whole bytes as a token needs, least significant first. */
function wholeBytes(sequences: SymbolSequences, { bitsPerToken }: LevelFacts): Uint8Array {
  const perToken = Math.ceil(bitsPerToken / 8);
  const total = sequences.reduce((sum, { length }) => sum + length, 0);
  const bytes = new Uint8Array(total * perToken);
  let at = 0;
  for (const sequence of sequences) {
    for (const symbol of sequence) {
      for (let byte = 0; byte < perToken; byte += 1) {
        bytes[at + byte] =
          typeof symbol === 'number'
            ? Math.floor(symbol / 256 ** byte) % 256
            : Number.parseInt(symbol.slice(2 * byte, 2 * byte + 2), 16);
      }
      at += perToken;
    }
  }
  return bytes;
}
