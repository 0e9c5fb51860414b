import {
  codePointAt,
  contractionLength,
  type Scanner,
  unitClass,
  unitClasses,
  unitsOf,
  whiteSpaceEnd,
} from './scanner';

/**
 * Pieces of the o200k pattern: `[^\r\n\p{L}\p{N}]?U*l+C?|[^\r\n\p{L}\p{N}]?U+l*C?|\p{N}{1,3}|
 * ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`, with U upper case, l lower case, caseless letters and marks in
 * both, C the contractions in any case.
 */
export function createO200kScanner(): Scanner {
  const table = unitClasses();
  const { other, newline, space, number, upper, lower, mark } = unitClass;

  /**
   * End of `U*l+`, else of `U+`, from `start`; `start` itself where there is neither. A regular expression gives upper
   * case back until the last caseless character can be its `l+`.
   */
  const wordEnd = (units: Uint16Array, start: number, limit: number): number => {
    let end = start;
    let afterBoth = start;
    let kind: number = other;
    while (end < limit) {
      const codePoint = codePointAt(units, end, limit);
      kind = table[codePoint]!;
      if (kind < upper || kind === lower) break;
      end += unitsOf(codePoint);
      if (kind !== upper) afterBoth = end;
    }
    if (end < limit && kind === lower) {
      do {
        const codePoint = codePointAt(units, end, limit);
        if (table[codePoint]! < lower) break;
        end += unitsOf(codePoint);
      } while (end < limit);
      return end;
    }
    return afterBoth > start ? afterBoth : end;
  };

  /** True where `U*l+` matches a word that ends at `end`, rather than `U+`: its last character is no upper case. */
  const endsInLower = (units: Uint16Array, end: number): boolean => {
    const unit = units[end - 1]!;
    if ((unit & 0xfc00) !== 0xdc00) return table[unit] !== upper;
    return table[codePointAt(units, end - 2, end)] !== upper;
  };

  /** End of ` ?[^\s\p{L}\p{N}]+[\r\n/]*` whose other characters begin at `start`. */
  const othersEnd = (units: Uint16Array, start: number, limit: number): number => {
    let end = start;
    while (end < limit) {
      const codePoint = codePointAt(units, end, limit);
      const kind = table[codePoint]!;
      if (kind !== other && kind !== mark) break;
      end += unitsOf(codePoint);
    }
    while (end < limit && (table[units[end]!] === newline || units[end] === 0x2f)) end += 1;
    return end;
  };

  return (units, start, limit) => {
    const codePoint = codePointAt(units, start, limit);
    const kind = table[codePoint]!;
    const next = start + unitsOf(codePoint);
    if (kind >= upper && kind !== mark) {
      const end = wordEnd(units, start, limit);
      return end + contractionLength(units, end, limit, true);
    }
    if (kind === number) {
      let end = next;
      for (let count = 1; count < 3 && end < limit; count += 1) {
        const following = codePointAt(units, end, limit);
        if (table[following] !== number) break;
        end += unitsOf(following);
      }
      return end;
    }
    if (kind === newline) return whiteSpaceEnd(units, start, limit, table);
    const word = wordEnd(units, next, limit);
    // A mark is tried as the optional first character, then as a word of its own, before `U+` gets its turn.
    if (word > next && (kind !== mark || endsInLower(units, word))) {
      return word + contractionLength(units, word, limit, true);
    }
    if (kind === mark) return next + contractionLength(units, next, limit, true);
    if (kind !== space) return othersEnd(units, start, limit);
    if (codePoint === 0x20 && next < limit && table[codePointAt(units, next, limit)] === other) {
      return othersEnd(units, next, limit);
    }
    return whiteSpaceEnd(units, start, limit, table);
  };
}
