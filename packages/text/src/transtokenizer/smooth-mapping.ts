import { addTranslation, type TranslationCounts } from './token-counts';

/** A token of the new vocabulary and how much of each old one it is; largest weight first, together 1. */
export interface TokenMixture {
  readonly token: string;
  readonly parts: readonly (readonly [oldToken: string, weight: number])[];
}

export interface SmoothMappingOptions {
  /** Old token for new ones that nothing is known of. */
  readonly unknownToken: string;
  /** Old tokens that begin with it count twice as much. Default `▁`. */
  readonly wordPrefix?: string;
}

/**
 * Mixtures for every token of a new vocabulary. Tokens without a translation take those of tokens that begin with them
 * and of the longest translated tokens inside of them; what was found for one token serves the ones after it, so that the
 * order of the vocabulary counts (`smooth_mapping` of the official code).
 *
 * @param newTokens - By id.
 * @param counts - Of `mapTokens`; not changed.
 */
export function smoothMapping(
  newTokens: readonly string[],
  counts: TranslationCounts,
  options: SmoothMappingOptions,
): TokenMixture[] {
  const { unknownToken, wordPrefix = '\u2581' } = options;
  const known: TranslationCounts = new Map(Array.from(counts, ([token, row]) => [token, new Map(row)]));
  const beginningWith = createPrefixSearch(newTokens);
  for (const token of newTokens) {
    if (known.has(token)) continue;
    const longer = beginningWith(token).filter((other) => known.has(other));
    const parts = [...longer, ...largestParts(token, known)];
    if (parts.length === 0) continue;
    const rows = parts.map((part) => known.get(part)!);
    known.set(token, new Map());
    for (const row of rows) addShares(known, token, row, wordPrefix);
  }
  return newTokens.map((token) => ({ token, parts: sharesOf(known.get(token)) ?? [[unknownToken, 1]] }));
}

function addShares(
  known: TranslationCounts,
  token: string,
  row: ReadonlyMap<string, number>,
  wordPrefix: string,
): void {
  const total = totalOf(row);
  if (total <= 0) return;
  for (const [old, count] of row) {
    const weight = old.startsWith(wordPrefix) ? 2000 : 1000;
    addTranslation(known, token, old, Math.max(1, Math.floor((weight * count) / total)));
  }
}

const totalOf = (row: ReadonlyMap<string, number>): number => [...row.values()].reduce((sum, count) => sum + count, 0);

function sharesOf(row: ReadonlyMap<string, number> | undefined): (readonly [string, number])[] | undefined {
  const total = row ? totalOf(row) : 0;
  if (!row || total <= 0) return undefined;
  return Array.from(row, ([old, count]) => [old, count / total] as const).toSorted((a, b) => b[1] - a[1]);
}

/** Translated tokens inside of a token that are not inside of a longer one of them, from left to right. */
function largestParts(token: string, known: TranslationCounts): string[] {
  const found = new Map<string, number>();
  const characters = [...token];
  for (let start = 0; start < characters.length; start += 1) {
    for (let end = start + 1; end <= characters.length; end += 1) {
      const part = characters.slice(start, end).join('');
      if (known.has(part) && !found.has(part)) found.set(part, start);
    }
  }
  const parts = [...found.keys()].toSorted((a, b) => [...b].length - [...a].length);
  const largest = parts.filter((part, index) => !parts.slice(0, index).some((longer) => longer.includes(part)));
  return largest.toSorted((a, b) => found.get(a)! - found.get(b)!);
}

/** Finds all tokens that begin with a text, in the order of the vocabulary. */
function createPrefixSearch(tokens: readonly string[]): (prefix: string) => string[] {
  const order = tokens.map((_, index) => index).toSorted((a, b) => (tokens[a]! < tokens[b]! ? -1 : 1));
  return (prefix) => {
    let low = 0;
    for (let high = order.length; low < high;) {
      const middle = (low + high) >> 1;
      if (tokens[order[middle]!]! < prefix) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    for (let at = low; at < order.length && tokens[order[at]!]!.startsWith(prefix); at += 1) found.push(order[at]!);
    return found.toSorted((a, b) => a - b).map((index) => tokens[index]!);
  };
}
