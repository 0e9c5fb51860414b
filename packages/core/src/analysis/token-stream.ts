import { UnsupportedError } from '../errors/unsupported-error';
import { bitsForAlphabet, countTokens } from '../tokens/levels';
import type { BitLevel, TokenAxis, TokensInit } from '../tokens/token-types';

/**
 * One token as something that can be counted: the id; or the bits as a whole number, bit 0 least significant. Tokens of
 * more than 52 bits are hex digits of their bytes instead.
 */
export type TokenSymbol = number | string;

/** Where no token is. */
export const absent = -1;

/** What all items have in common at one level. */
export interface LevelFacts {
  readonly kind: 'index' | 'bits';
  /** Number of codes; `2 ** bitsPerToken` for bits, Infinity above 1023 bits. */
  readonly vocabularySize: number;
  /** Bits of one token at fixed width. */
  readonly bitsPerToken: number;
}

/** The tokens of one level of one item. */
export interface TokenStream extends LevelFacts {
  readonly shape: readonly number[];
  readonly axes: readonly TokenAxis[];
  /** Row-major; {@link absent} where no token is. */
  readonly symbols: readonly TokenSymbol[];
}

/** More bits than this are no whole number of a double. */
const mostNumericBits = 52;

/**
 * The levels of an item as streams of symbols.
 *
 * @param name - Who asks, for messages.
 * @throws {UnsupportedError} A level holds floats: there is no codebook to speak of.
 */
export function tokenStreams(name: string, { levels }: TokensInit): readonly TokenStream[] {
  return levels.map((level, index) => {
    const { shape, axes } = level;
    switch (level.kind) {
      case 'index': {
        const { vocabularySize, data } = level;
        const bitsPerToken = bitsForAlphabet(vocabularySize);
        return { kind: 'index', vocabularySize, bitsPerToken, shape, axes, symbols: Array.from(data) };
      }
      case 'bits': {
        const { bitsPerToken } = level;
        const vocabularySize = 2 ** bitsPerToken;
        return { kind: 'bits', vocabularySize, bitsPerToken, shape, axes, symbols: bitSymbols(level) };
      }
      case 'float':
        throw new UnsupportedError(name, `levels[${index}] holds floats, only ids and bits can be counted.`);
    }
  });
}

/** Symbols of one level without the places that hold no token. */
export function presentSymbols({ symbols }: TokenStream): readonly TokenSymbol[] {
  return symbols.includes(absent) ? symbols.filter((symbol) => symbol !== absent) : symbols;
}

/** Bit `bit` of a symbol of a level of bits. */
export function bitOfSymbol(symbol: TokenSymbol, bit: number): number {
  if (typeof symbol === 'number') {
    return Math.floor(symbol / 2 ** bit) % 2;
  }
  const byte = Number.parseInt(symbol.slice(2 * (bit >> 3), 2 * (bit >> 3) + 2), 16);
  return (byte >>> (bit & 7)) & 1;
}

/** Numbers ascending, then texts. */
export function compareSymbols(a: TokenSymbol, b: TokenSymbol): number {
  if (typeof a === 'number' && typeof b === 'number') {
    return a - b;
  }
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function bitSymbols({ shape, bitsPerToken, data }: BitLevel): readonly TokenSymbol[] {
  const bytes = Math.ceil(bitsPerToken / 8);
  const ofToken = (token: number): Uint8Array => data.subarray(token * bytes, (token + 1) * bytes);
  return Array.from({ length: countTokens(shape) }, (_, token) =>
    bitsPerToken <= mostNumericBits
      ? ofToken(token).reduceRight((sum, byte) => sum * 256 + byte, 0)
      : Array.from(ofToken(token), (byte) => byte.toString(16).padStart(2, '0')).join(''),
  );
}
