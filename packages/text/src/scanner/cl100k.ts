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

const known = new Map<number, Scanner>();

/**
 * Pieces of the cl100k pattern: `'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|
 * \s*[\r\n]+|\s+(?!\S)|\s+`. Llama 3 has the same; Qwen takes numbers one by one.
 *
 * @param digits - Most number characters of a piece. Default 3.
 */
export function createCl100kScanner(digits = 3): Scanner {
  // One function for all tokenizers: the engine optimizes it once.
  const scanner = known.get(digits) ?? createScanner(digits);
  known.set(digits, scanner);
  return scanner;
}

function createScanner(digits: number): Scanner {
  const table = unitClasses();
  const { other, newline, space, number, upper, caseless, mark } = unitClass;

  /** End of the letters from `start`; `start` itself where there is none. */
  const lettersEnd = (units: Uint16Array, start: number, limit: number): number => {
    let end = start;
    while (end < limit) {
      const unit = units[end]!;
      const kind = table[unit]!;
      if (kind >= upper && kind <= caseless) {
        end += 1;
        continue;
      }
      if (!isHighSurrogate(unit)) break;
      const codePoint = codePointAt(units, end, limit);
      if (table[codePoint]! < upper || table[codePoint]! > caseless) break;
      end += 2;
    }
    return end;
  };

  return (units, start, limit) => {
    const unit = units[start]!;
    if (unit === 0x20) {
      const next = start + 1;
      if (next === limit) return limit;
      const letters = lettersEnd(units, next, limit);
      if (letters > next) return letters;
      const following = table[codePointAt(units, next, limit)]!;
      if (following === other || following === mark) return othersEnd(units, next, limit, table, 0);
      return following === number ? next : whiteSpaceEnd(units, start, limit, table);
    }
    const codePoint = isHighSurrogate(unit) ? codePointAt(units, start, limit) : unit;
    const kind = table[codePoint]!;
    const next = start + unitsOf(codePoint);
    if (kind >= upper && kind <= caseless) return lettersEnd(units, next, limit);
    if (kind === number) return numbersEnd(units, next, limit, table, digits - 1);
    if (kind === newline) return whiteSpaceEnd(units, start, limit, table);
    if (codePoint === 0x27) {
      const contraction = contractionLength(units, start, limit, true);
      if (contraction > 0) return start + contraction;
    }
    const letters = lettersEnd(units, next, limit);
    if (letters > next) return letters;
    return kind === space ? whiteSpaceEnd(units, start, limit, table) : othersEnd(units, next, limit, table, 0);
  };
}
