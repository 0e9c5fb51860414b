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
 * Pieces of the cl100k pattern: `'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|
 * \s*[\r\n]+|\s+(?!\S)|\s+`. Llama 3 has the same; Qwen takes numbers one by one.
 *
 * @param digits - Most number characters of a piece. Default 3.
 */
export function createCl100kScanner(digits = 3): Scanner {
  const table = unitClasses();
  const { other, newline, space, number, upper, caseless, mark } = unitClass;

  /** End of the letters from `start`; `start` itself where there is none. */
  const lettersEnd = (units: Uint16Array, start: number, limit: number): number => {
    let end = start;
    while (end < limit) {
      const unit = units[end]!;
      let kind = table[unit]!;
      if ((unit & 0xfc00) === 0xd800) {
        const codePoint = codePointAt(units, end, limit);
        kind = table[codePoint]!;
        if (kind < upper || kind > caseless) break;
        end += unitsOf(codePoint);
      } else {
        if (kind < upper || kind > caseless) break;
        end += 1;
      }
    }
    return end;
  };

  /** End of ` ?[^\s\p{L}\p{N}]+[\r\n]*` whose other characters begin at `start`. */
  const othersEnd = (units: Uint16Array, start: number, limit: number): number => {
    let end = start;
    while (end < limit) {
      const codePoint = codePointAt(units, end, limit);
      const kind = table[codePoint]!;
      if (kind !== other && kind !== mark) break;
      end += unitsOf(codePoint);
    }
    while (end < limit && table[units[end]!] === newline) end += 1;
    return end;
  };

  return (units, start, limit) => {
    const codePoint = codePointAt(units, start, limit);
    const kind = table[codePoint]!;
    if (kind >= upper && kind <= caseless) return lettersEnd(units, start, limit);
    const next = start + unitsOf(codePoint);
    if (kind === number) {
      let end = next;
      for (let count = 1; count < digits && end < limit; count += 1) {
        const following = codePointAt(units, end, limit);
        if (table[following] !== number) break;
        end += unitsOf(following);
      }
      return end;
    }
    if (kind === newline) return whiteSpaceEnd(units, start, limit, table);
    if (codePoint === 0x27) {
      const contraction = contractionLength(units, start, limit, true);
      if (contraction > 0) return start + contraction;
    }
    const letters = lettersEnd(units, next, limit);
    if (letters > next) return letters;
    if (kind !== space) return othersEnd(units, start, limit);
    if (codePoint === 0x20 && next < limit) {
      const following = table[codePointAt(units, next, limit)]!;
      if (following === other || following === mark) return othersEnd(units, next, limit);
    }
    return whiteSpaceEnd(units, start, limit, table);
  };
}
