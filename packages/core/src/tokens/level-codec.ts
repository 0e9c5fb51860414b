import { widenHalf } from '../checkpoint/half-precision';
import { type ByteReader, malformed } from './binary';
import { packBits, packBitTokens, packedBytes, paddingIsZero, unpackBits, unpackBitTokens } from './bit-packing';
import { toHalves } from './half-float';
import { alphabetOf, type LevelCoding, type LevelFormat, plainWidth } from './level-format';
import { countTokens } from './levels';
import { packRadix, radixBytes, unpackRadix } from './mixed-radix';
import { decodeRans, encodeRans, type FrequencyTables, type SymbolContext } from './rans';
import type { BitLevel, FloatLevel, TokenLevel } from './token-types';

/** How many tokens that take no bytes, and levels without tokens, a file may still hold: bounds the memory of reading. */
export interface Allowance {
  /** @throws {TokensError} `malformed`: more than the file may hold. */
  take(count: number): void;
}

export function allowance(limit: number): Allowance {
  let left = limit;
  return {
    take: (count) => {
      left -= count;
      if (left < 0) {
        throw malformed(`more than ${limit} tokens that take no space`);
      }
    },
  };
}

/** What a level takes of the allowance: a token of a vocabulary of 1 counts one, a level without tokens four. */
export function freeCost(format: LevelFormat, count: number): number {
  return count === 0 ? 4 : plainWidth(format) === 0 ? count : 0;
}

/** The payload of one level. The level has the kind, widths and vocabulary of the format. */
export function encodeLevel(level: TokenLevel, { format, tables }: LevelCoding): Uint8Array {
  if (tables) {
    return encodeRans(levelSymbols(level), tables, contextOf(level, tables));
  }
  switch (level.kind) {
    case 'index': {
      const symbols = levelSymbols(level);
      return format.packing === 'radix'
        ? packRadix(symbols, alphabetOf(format))
        : packBits(symbols, plainWidth(format));
    }
    case 'bits':
      return packBitTokens(level.data, level.bitsPerToken);
    case 'float':
      return floatBytes(level);
  }
}

/**
 * Reads one level.
 *
 * @throws {TokensError} `malformed`: too few bytes, or bytes that {@link encodeLevel} does not write.
 */
export function decodeLevel(
  name: string,
  reader: ByteReader,
  { format, tables }: LevelCoding,
  shape: readonly number[],
  free: Allowance,
): TokenLevel {
  const count = countTokens(shape);
  const base = { shape, axes: format.axes };
  const packed = (): Uint8Array =>
    takePacked(name, reader, format.packing === 'radix' ? undefined : plainWidth(format), count, alphabetOf(format));
  free.take(freeCost(format, count));
  switch (format.kind) {
    case 'index': {
      const alphabet = alphabetOf(format);
      const vocabularySize = format.vocabularySize!;
      let symbols: Int32Array | undefined;
      if (tables) {
        symbols = takeRans(name, reader, count, tables, (position) => position);
      } else if (format.packing === 'radix') {
        symbols = unpackRadix(packed(), count, alphabet);
      } else {
        symbols = unpackBits(packed(), count, plainWidth(format));
      }
      if (!symbols) {
        throw malformed(`${name}: a word of digits is too large`);
      }
      return { kind: 'index', vocabularySize, ...base, data: restoreAbsent(name, symbols, vocabularySize, alphabet) };
    }
    case 'bits': {
      const bitsPerToken = format.bitsPerToken!;
      const data = tables
        ? bitsFromSymbols(
            takeRans(name, reader, count * bitsPerToken, tables, (position) => position % bitsPerToken),
            bitsPerToken,
          )
        : unpackBitTokens(packed(), count, bitsPerToken);
      return { kind: 'bits', bitsPerToken, ...base, data };
    }
    case 'float':
      return { kind: 'float', storage: format.storage!, ...base, data: floatsFromBytes(packed(), format.storage!) };
  }
}

/** Ids with `vocabularySize` for none, or one symbol a bit. */
export function levelSymbols(level: TokenLevel): Int32Array {
  if (level.kind === 'index') {
    return level.data.includes(-1) ? level.data.map((id) => (id === -1 ? level.vocabularySize : id)) : level.data;
  }
  const { bitsPerToken, data } = level as BitLevel;
  const perToken = Math.ceil(bitsPerToken / 8);
  const symbols = new Int32Array(countTokens(level.shape) * bitsPerToken);
  for (let index = 0; index < symbols.length; index += 1) {
    const bit = index % bitsPerToken;
    symbols[index] = (data[Math.floor(index / bitsPerToken) * perToken + (bit >> 3)]! >>> (bit & 7)) & 1;
  }
  return symbols;
}

/** Place of a symbol in its level (bits: in its token), which chooses the table where there are several. */
export function placeOf(level: TokenLevel): SymbolContext {
  const perToken = level.kind === 'bits' ? level.bitsPerToken : 0;
  return perToken > 0 ? (position) => position % perToken : (position) => position;
}

function contextOf(level: TokenLevel, tables: FrequencyTables): SymbolContext {
  return lastTableFor(placeOf(level), tables);
}

function lastTableFor(place: SymbolContext, { frequencies, alphabet }: FrequencyTables): SymbolContext {
  const last = frequencies.length / alphabet - 1;
  return last === 0 ? () => 0 : (position) => Math.min(place(position), last);
}

function takeRans(
  name: string,
  reader: ByteReader,
  count: number,
  tables: FrequencyTables,
  place: SymbolContext,
): Int32Array {
  const { symbols, bytesRead } = decodeRans(reader.rest(), count, tables, lastTableFor(place, tables));
  reader.take(bytesRead, name);
  return symbols;
}

function takePacked(
  name: string,
  reader: ByteReader,
  width: number | undefined,
  count: number,
  alphabet: number,
): Uint8Array {
  if (width === undefined) {
    return reader.take(radixBytes(count, alphabet), name);
  }
  const bytes = reader.take(packedBytes(count, width), name);
  if (!paddingIsZero(bytes, count * width)) {
    throw malformed(`${name}: the unused bits of the last byte are not zero`);
  }
  return bytes;
}

function restoreAbsent(name: string, symbols: Int32Array, vocabularySize: number, alphabet: number): Int32Array {
  for (let index = 0; index < symbols.length; index += 1) {
    const symbol = symbols[index]!;
    if (symbol >= alphabet) {
      throw malformed(`${name}: id ${symbol} at ${index} is outside the vocabulary of ${vocabularySize}`);
    }
    if (symbol === vocabularySize) {
      symbols[index] = -1;
    }
  }
  return symbols;
}

function bitsFromSymbols(symbols: Int32Array, bitsPerToken: number): Uint8Array {
  const perToken = Math.ceil(bitsPerToken / 8);
  const data = new Uint8Array((symbols.length / bitsPerToken) * perToken);
  for (let index = 0; index < symbols.length; index += 1) {
    const bit = index % bitsPerToken;
    data[Math.floor(index / bitsPerToken) * perToken + (bit >> 3)]! |= symbols[index]! << (bit & 7);
  }
  return data;
}

function floatBytes({ data, storage }: FloatLevel): Uint8Array {
  const out = new Uint8Array(data.length * (storage === 'float16' ? 2 : 4));
  const view = new DataView(out.buffer);
  if (storage === 'float16') {
    for (const [index, half] of toHalves(data).entries()) {
      view.setUint16(2 * index, half, true);
    }
  } else {
    for (const [index, value] of data.entries()) {
      view.setFloat32(4 * index, value, true);
    }
  }
  return out;
}

function floatsFromBytes(bytes: Uint8Array, storage: FloatLevel['storage']): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (storage === 'float16') {
    return widenHalf(Uint16Array.from({ length: bytes.length / 2 }, (_, index) => view.getUint16(2 * index, true)));
  }
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(4 * index, true));
}
