import { commonPrefixes, sortSuffixes } from './suffix-sort';

/** Substrings that occur at least twice with different symbols behind them. */
export interface RepeatedSubstrings {
  /** Where one occurrence of each begins. */
  readonly starts: Int32Array;
  /** Symbols. */
  readonly lengths: Int32Array;
  /** Occurrences, overlapping ones too. */
  readonly counts: Int32Array;
}

/**
 * Inner nodes of the suffix tree whose text has 2 to `longest` symbols and no 0, in ascending order of their texts.
 *
 * @param symbols - From 0; the last one is 0. The symbol behind the end of a word, 0, is the same for all words.
 */
export function repeatedSubstrings(symbols: Int32Array, longest: number): RepeatedSubstrings {
  const order = sortSuffixes(symbols, longest + 1);
  const common = commonPrefixes(symbols, order, longest + 1);
  const untilEnd = distancesToEnd(symbols);
  const found: { readonly first: number; readonly length: number; readonly count: number }[] = [];
  // Open nodes, from the shortest to the longest, and the first suffix below each.
  const openLengths: number[] = [];
  const openFirsts: number[] = [];
  for (let index = 1; index <= order.length; index += 1) {
    const length = index < order.length ? common[index]! : 0;
    let first = index - 1;
    while (openLengths.length > 0 && openLengths[openLengths.length - 1]! > length) {
      const nodeLength = openLengths.pop()!;
      first = openFirsts.pop()!;
      if (nodeLength >= 2 && nodeLength <= longest && nodeLength <= untilEnd[order[first]!]!) {
        found.push({ first, length: nodeLength, count: index - first });
      }
    }
    if (length > 0 && (openLengths.length === 0 || openLengths[openLengths.length - 1]! < length)) {
      openLengths.push(length);
      openFirsts.push(first);
    }
  }
  found.sort((one, other) => one.first - other.first || one.length - other.length);
  return {
    starts: Int32Array.from(found, ({ first }) => order[first]!),
    lengths: Int32Array.from(found, ({ length }) => length),
    counts: Int32Array.from(found, ({ count }) => count),
  };
}

/** Symbols before the next 0. */
function distancesToEnd(symbols: Int32Array): Int32Array {
  const distances = new Int32Array(symbols.length);
  for (let index = symbols.length - 2; index >= 0; index -= 1) {
    distances[index] = symbols[index] === 0 ? 0 : distances[index + 1]! + 1;
  }
  return distances;
}
