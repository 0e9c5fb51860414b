import { InputError } from '@tesserae/core/data';

/** A dictionary of sequences of symbols. */
export interface LzwTokenizer {
  /** Symbols of every token, by id; the first are single symbols. */
  readonly tokens: readonly Int32Array[];
  /** Ids by the longest match, again and again. @throws {InputError} A symbol that the dictionary does not have. */
  encode(symbols: ArrayLike<number>): Int32Array;
  /** @throws {InputError} An id without a token. */
  decode(ids: ArrayLike<number>): Int32Array;
}

/** Tokens that continue a token, by symbol. */
type Trie = readonly Map<number, number>[];

/**
 * Learns a dictionary as LZW does (Welch 1984): each longest match gets a longer one by the symbol behind it, until the
 * dictionary is full; then it encodes greedily (arXiv 2404.08335, section 3.3).
 *
 * @param training - Symbols, 0..symbols-1.
 * @param symbols - Number of symbols.
 * @param size - Tokens at most, symbols counted.
 * @throws {InputError} A symbol outside, or a size without room for all symbols.
 */
export function lzwTokenizer(training: ArrayLike<number>, symbols: number, size: number): LzwTokenizer {
  if (!(size >= symbols)) throw new InputError('size', `at least the ${symbols} symbols`, String(size));
  const tokens: Int32Array[] = Array.from({ length: symbols }, (_, symbol) => Int32Array.of(symbol));
  const trie: Map<number, number>[] = tokens.map(() => new Map());
  for (let at = 0; at < training.length && tokens.length < size;) {
    const [id, length] = longestMatch(trie, training, at, symbols);
    at += length;
    if (at >= training.length) break;
    trie[id]!.set(training[at]!, tokens.length);
    tokens.push(Int32Array.of(...tokens[id]!, checkedSymbol(training, at, symbols)));
    trie.push(new Map());
  }
  return {
    tokens,
    encode(text) {
      const ids: number[] = [];
      for (let at = 0; at < text.length;) {
        const [id, length] = longestMatch(trie, text, at, symbols);
        ids.push(id);
        at += length;
      }
      return Int32Array.from(ids);
    },
    decode(ids) {
      const out: number[] = [];
      for (let index = 0; index < ids.length; index += 1) {
        const token = tokens[ids[index]!];
        if (!token) throw new InputError('ids', `0..${tokens.length - 1}`, `${ids[index]} at ${index}`);
        for (const symbol of token) out.push(symbol);
      }
      return Int32Array.from(out);
    },
  };
}

function longestMatch(
  trie: Trie,
  text: ArrayLike<number>,
  start: number,
  symbols: number,
): [id: number, length: number] {
  let id = checkedSymbol(text, start, symbols);
  let at = start + 1;
  for (; at < text.length; at += 1) {
    const longer = trie[id]!.get(text[at]!);
    if (longer === undefined) break;
    id = longer;
  }
  return [id, at - start];
}

function checkedSymbol(text: ArrayLike<number>, at: number, symbols: number): number {
  const symbol = text[at]!;
  if (!Number.isInteger(symbol) || symbol < 0 || symbol >= symbols) {
    throw new InputError('symbols', `integers of 0..${symbols - 1}`, `${symbol} at ${at}`);
  }
  return symbol;
}
