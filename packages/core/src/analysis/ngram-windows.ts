import { InputError } from '../errors/input-error';
import { type ScanOrder, scanLines, scanPositions } from './scan-order';
import { absent, type LevelFacts, type TokenStream, type TokenSymbol } from './token-stream';

export interface NgramScan {
  /** Default `row`. */
  readonly order?: ScanOrder;
  /** Whether n-grams run on from the end of a line of the grid into the next one, as a language model reads. Default true. */
  readonly acrossLines?: boolean;
}

/** n-grams never reach from one item into another. */
export const longestNgram = 4;

/** @throws {InputError} No whole number of 1..4. */
export function checkNgramLength(name: string, length: number): void {
  if (!Number.isInteger(length) || length < 1 || length > longestNgram) {
    throw new InputError(name, `a whole number of 1..${longestNgram}`, String(length));
  }
}

/**
 * Every n-gram of a level, as one key each: a number where the vocabulary allows, or the symbols with spaces between.
 * Those that contain a place without a token are left out.
 */
export function ngramKeys(
  stream: TokenStream,
  length: number,
  { order = 'row', acrossLines = true }: NgramScan = {},
): readonly TokenSymbol[] {
  const { shape } = stream;
  const keys: TokenSymbol[] = [];
  const lines = acrossLines ? [scanPositions(shape, order)] : scanLines(shape, order);
  const numeric = isNumeric(stream, length);
  for (const line of lines) {
    for (let start = 0; start + length <= line.length; start += 1) {
      const key = keyOf(stream, line, start, length, numeric);
      if (key !== undefined) keys.push(key);
    }
  }
  return keys;
}

/** The key of a list of symbols, as {@link ngramKeys} makes it. */
export function ngramKey(symbols: readonly TokenSymbol[], level: LevelFacts): TokenSymbol {
  return isNumeric(level, symbols.length) ? numberOf(symbols, level.vocabularySize) : symbols.join(' ');
}

/** The symbols that a key of {@link ngramKeys} stands for. */
export function ngramSymbols(key: TokenSymbol, length: number, level: LevelFacts): readonly TokenSymbol[] {
  if (typeof key === 'string') {
    const parts = key.split(' ');
    return level.bitsPerToken <= 52 ? parts.map(Number) : parts;
  }
  let rest = key;
  const symbols: number[] = [];
  for (let index = 0; index < length; index += 1) {
    symbols.unshift(rest % level.vocabularySize);
    rest = Math.floor(rest / level.vocabularySize);
  }
  return symbols;
}

/** Undefined where a place has no token. */
function keyOf(
  { symbols, vocabularySize }: TokenStream,
  line: Int32Array,
  start: number,
  length: number,
  numeric: boolean,
): TokenSymbol | undefined {
  let number = 0;
  let text = '';
  for (let at = start; at < start + length; at += 1) {
    const symbol = symbols[line[at]!]!;
    if (symbol === absent) return undefined;
    if (numeric) number = number * vocabularySize + (symbol as number);
    else text += at === start ? symbol : ` ${symbol}`;
  }
  return numeric ? number : text;
}

function isNumeric({ vocabularySize }: LevelFacts, length: number): boolean {
  return vocabularySize ** length <= 2 ** 52;
}

/** Digits of base `vocabularySize`, the last symbol least significant. */
function numberOf(symbols: readonly TokenSymbol[], vocabularySize: number): number {
  return symbols.reduce<number>((sum, symbol) => sum * vocabularySize + (symbol as number), 0);
}
