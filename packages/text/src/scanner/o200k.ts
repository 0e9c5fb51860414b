import {
  codePointAt,
  contractionLength,
  isHighSurrogate,
  numbersEnd,
  othersEnd,
  type Scanner,
  unitClass,
  unitClasses,
  unitsOf,
  whiteSpaceEnd,
} from './scanner';

let known: Scanner | undefined;

/**
 * Pieces of the o200k pattern: `[^\r\n\p{L}\p{N}]?U*l+C?|[^\r\n\p{L}\p{N}]?U+l*C?|\p{N}{1,3}|
 * ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`, with U upper case, l lower case, caseless letters and marks in
 * both, C the contractions in any case.
 */
export function createO200kScanner(): Scanner {
  // One function for all tokenizers: the engine optimizes it once.
  return (known ??= createScanner());
}

function createScanner(): Scanner {
  const table = unitClasses();
  const { other, newline, space, number, upper, lower, mark } = unitClass;
  const slash = 0x2f;

  /** End of `l+`: lower case, caseless letters and marks. */
  const lowerEnd = (units: Uint16Array, start: number, limit: number): number => {
    let end = start;
    while (end < limit) {
      const unit = units[end]!;
      if (table[unit]! >= lower) {
        end += 1;
        continue;
      }
      if (!isHighSurrogate(unit) || table[codePointAt(units, end, limit)]! < lower) break;
      end += 2;
    }
    return end;
  };

  /**
   * End of `U*l+`, else of `U+`, from `start`; `start` itself where there is neither. A regular expression gives upper
   * case back until the last caseless character can be its `l+`.
   */
  const wordEnd = (units: Uint16Array, start: number, limit: number): number => {
    let end = start;
    let afterBoth = start;
    while (end < limit) {
      const unit = units[end]!;
      const codePoint = isHighSurrogate(unit) ? codePointAt(units, end, limit) : unit;
      const kind = table[codePoint]!;
      if (kind === lower) return lowerEnd(units, end, limit);
      if (kind < upper) break;
      end += unitsOf(codePoint);
      if (kind !== upper) afterBoth = end;
    }
    return afterBoth > start ? afterBoth : end;
  };

  /** True where `U*l+` matches a word that ends at `end`, rather than `U+`: its last character is no upper case. */
  const endsInLower = (units: Uint16Array, end: number): boolean => {
    const unit = units[end - 1]!;
    if ((unit & 0xfc00) !== 0xdc00) return table[unit] !== upper;
    return table[codePointAt(units, end - 2, end)] !== upper;
  };

  const withContraction = (units: Uint16Array, end: number, limit: number): number =>
    end < limit && units[end] === 0x27 ? end + contractionLength(units, end, limit, true) : end;

  return (units, start, limit) => {
    const unit = units[start]!;
    if (unit === 0x20) {
      const next = start + 1;
      if (next === limit) return limit;
      const word = wordEnd(units, next, limit);
      if (word > next) return withContraction(units, word, limit);
      const following = table[codePointAt(units, next, limit)]!;
      if (following === other) return othersEnd(units, next, limit, table, slash);
      return following === number ? next : whiteSpaceEnd(units, start, limit, table);
    }
    const codePoint = isHighSurrogate(unit) ? codePointAt(units, start, limit) : unit;
    const kind = table[codePoint]!;
    if (kind >= upper && kind !== mark) return withContraction(units, wordEnd(units, start, limit), limit);
    const next = start + unitsOf(codePoint);
    if (kind === number) return numbersEnd(units, next, limit, table, 2);
    if (kind === newline) return whiteSpaceEnd(units, start, limit, table);
    const word = wordEnd(units, next, limit);
    // A mark is tried as the optional first character, then as a word of its own, before `U+` gets its turn.
    if (word > next && (kind !== mark || endsInLower(units, word))) return withContraction(units, word, limit);
    if (kind === mark) return withContraction(units, next, limit);
    return kind === space ? whiteSpaceEnd(units, start, limit, table) : othersEnd(units, next, limit, table, slash);
  };
}
