import { concatBytes, malformed, u32Bytes } from './binary';

/** The coder's state is kept in `lowest..256 * lowest`, and bytes move in and out as needed. */
const lowest = 2 ** 23;
const smallTotal = 2 ** 12;
const largeTotal = 2 ** 16;
/** No symbol may take more of a table: so each symbol costs 0.029 bits or more, and a file bounds what it unpacks to. */
const largestShare = 0.98;
/** More symbols than this cannot come from one byte (8 / 0.029 = 275). */
const mostSymbolsPerByte = 512;

/** Integer frequencies of one alphabet, one table a context; every table sums to the same 2^12 or 2^16. */
export interface FrequencyTables {
  readonly alphabet: number;
  readonly total: number;
  /** `[contexts, alphabet]`, each at least 1. */
  readonly frequencies: Uint16Array;
}

/** Context of the symbol at a position of its sequence. */
export type SymbolContext = (position: number) => number;

/** Why a list cannot be frequency tables, or the tables. @throws {TokensError} `malformed`. */
export function checkFrequencies(name: string, alphabet: number, frequencies: readonly number[]): FrequencyTables {
  if (alphabet < 2 || alphabet > largeTotal / 2 || frequencies.length === 0 || frequencies.length % alphabet !== 0) {
    throw malformed(`${name}: ${frequencies.length} frequencies for an alphabet of ${alphabet} symbols`);
  }
  const total = frequencies.slice(0, alphabet).reduce((sum, value) => sum + value, 0);
  for (let start = 0; start < frequencies.length; start += alphabet) {
    const table = frequencies.slice(start, start + alphabet);
    const valid = table.every((value) => Number.isInteger(value) && value >= 1 && value <= largestShare * total);
    if (!valid || table.reduce((sum, value) => sum + value, 0) !== total) {
      throw malformed(`${name}: expected whole numbers of 1..${largestShare} of a sum that all tables share`);
    }
  }
  if (total !== smallTotal && total !== largeTotal) {
    throw malformed(`${name}: the sum is ${total}, expected ${smallTotal} or ${largeTotal}`);
  }
  return { alphabet, total, frequencies: Uint16Array.from(frequencies) };
}

/** Whether alphabets of this size can be entropy coded. */
export function ransFits(alphabet: number): boolean {
  return alphabet >= 2 && alphabet <= largeTotal / 2;
}

/** Scales the counts of each context to a sum of 2^12 (alphabets up to 256) or 2^16; whole numbers only. */
export function normalizeCounts(counts: readonly Float64Array[]): FrequencyTables {
  const alphabet = counts[0]!.length;
  const total = alphabet <= 256 ? smallTotal : largeTotal;
  const frequencies = new Uint16Array(counts.length * alphabet);
  for (const [context, table] of counts.entries()) {
    frequencies.set(normalizeTable(table, total), context * alphabet);
  }
  return { alphabet, total, frequencies };
}

function normalizeTable(counts: Float64Array, total: number): Uint16Array {
  const cap = Math.floor(largestShare * total);
  const sum = counts.reduce((all, count) => all + count, 0);
  const spare = total - counts.length;
  const table = Uint16Array.from(counts, (count) =>
    Math.min(cap, 1 + Math.floor(sum === 0 ? spare / counts.length : (count * spare) / sum)),
  );
  // What rounding left over goes to the most frequent symbols that may still grow.
  let left = total - table.reduce((all, value) => all + value, 0);
  const order = [...table.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b);
  for (let index = 0; left > 0; index = (index + 1) % order.length) {
    const symbol = order[index]!;
    const step = Math.min(left, cap - table[symbol]!, Math.max(1, Math.ceil(left / order.length)));
    table[symbol]! += step;
    left -= step;
  }
  return table;
}

/** Estimated size in bytes, without the header. */
export function estimateBytes(
  counts: readonly Float64Array[],
  { alphabet, total, frequencies }: FrequencyTables,
): number {
  let bits = 32;
  for (const [context, table] of counts.entries()) {
    for (let symbol = 0; symbol < alphabet; symbol += 1) {
      bits += table[symbol]! * Math.log2(total / frequencies[context * alphabet + symbol]!);
    }
  }
  return Math.ceil(bits / 8);
}

/** Codes symbols with their context's table: the final state as u32, then the renormalisation bytes as the decoder takes them. */
export function encodeRans(symbols: Int32Array, tables: FrequencyTables, context: SymbolContext): Uint8Array {
  const { alphabet, total } = tables;
  const starts = cumulate(tables);
  const bytes: number[] = [];
  let state = lowest;
  for (let position = symbols.length - 1; position >= 0; position -= 1) {
    const table = context(position);
    const symbol = symbols[position]!;
    const frequency = tables.frequencies[table * alphabet + symbol]!;
    const start = starts[table * (alphabet + 1) + symbol]!;
    const limit = (lowest / total) * 256 * frequency;
    while (state >= limit) {
      bytes.push(state % 256);
      state = Math.floor(state / 256);
    }
    state = Math.floor(state / frequency) * total + start + (state % frequency);
  }
  return concatBytes([u32Bytes(state), Uint8Array.from(bytes.reverse())]);
}

/**
 * Decodes `count` symbols from the front of `bytes`.
 *
 * @throws {TokensError} `malformed`: the bytes end early, or are not what the coder writes.
 */
export function decodeRans(
  bytes: Uint8Array,
  count: number,
  tables: FrequencyTables,
  context: SymbolContext,
): { readonly symbols: Int32Array; readonly bytesRead: number } {
  if (bytes.length < 4 || count > mostSymbolsPerByte * bytes.length) {
    throw malformed(`${count} entropy-coded symbols in ${bytes.length} bytes`);
  }
  const { alphabet, total } = tables;
  const starts = cumulate(tables);
  const symbols = new Int32Array(count);
  let state = (bytes[0]! | (bytes[1]! << 8) | (bytes[2]! << 16) | (bytes[3]! << 24)) >>> 0;
  let at = 4;
  for (let position = 0; position < count; position += 1) {
    const table = context(position) * (alphabet + 1);
    const slot = state % total;
    const symbol = findSymbol(starts, table, alphabet, slot);
    const start = starts[table + symbol]!;
    state = (starts[table + symbol + 1]! - start) * Math.floor(state / total) + slot - start;
    while (state < lowest) {
      if (at >= bytes.length) {
        throw malformed(`entropy-coded symbols end after ${position} of ${count}`);
      }
      state = state * 256 + bytes[at]!;
      at += 1;
    }
    symbols[position] = symbol;
  }
  if (state !== lowest) {
    throw malformed('entropy-coded symbols are damaged');
  }
  return { symbols, bytesRead: at };
}

/** `[contexts, alphabet + 1]`: where each symbol's slots begin. */
function cumulate({ alphabet, frequencies }: FrequencyTables): Uint32Array {
  const contexts = frequencies.length / alphabet;
  const starts = new Uint32Array(contexts * (alphabet + 1));
  for (let context = 0; context < contexts; context += 1) {
    for (let symbol = 0; symbol < alphabet; symbol += 1) {
      const at = context * (alphabet + 1) + symbol;
      starts[at + 1] = starts[at]! + frequencies[context * alphabet + symbol]!;
    }
  }
  return starts;
}

function findSymbol(starts: Uint32Array, table: number, alphabet: number, slot: number): number {
  let low = 0;
  let high = alphabet;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (starts[table + middle]! <= slot) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}
