import { classesFromCategories } from '../tables/general-category';
import { isWhiteSpace } from '../tables/white-space';
import { codePointAt, type Scanner, unitsOf } from './scanner';

const kinds = {
  other: 0,
  newline: 1,
  space: 2,
  number: 3,
  letter: 4,
  mark: 5,
  symbol: 6,
  /** Letters and marks of the second pattern; from here on all is of it. */
  ideograph: 7,
  ideographicSymbol: 8,
  /** Not assigned. */
  ideographicOther: 9,
} as const;

/** Ranges of the second pattern. */
const ideographs = [
  [0x4e00, 0x9fa5],
  [0x3040, 0x309f],
  [0x30a0, 0x30ff],
] as const;

function createTable(): Uint8Array {
  const table = classesFromCategories((name) => {
    if (name.startsWith('L')) return kinds.letter;
    if (name.startsWith('M')) return kinds.mark;
    if (name.startsWith('N')) return kinds.number;
    return name.startsWith('P') || name.startsWith('S') ? kinds.symbol : kinds.other;
  });
  for (let codePoint = 0; codePoint <= 0x3000; codePoint += 1) {
    if (isWhiteSpace(codePoint)) table[codePoint] = kinds.space;
  }
  table[0x0a] = kinds.newline;
  table[0x0d] = kinds.newline;
  for (const [first, last] of ideographs) {
    for (let codePoint = first; codePoint <= last; codePoint += 1) {
      const kind = table[codePoint]!;
      if (kind === kinds.letter || kind === kinds.mark) table[codePoint] = kinds.ideograph;
      else table[codePoint] = kind === kinds.symbol ? kinds.ideographicSymbol : kinds.ideographicOther;
    }
  }
  return table;
}

let known: Scanner | undefined;

/**
 * Pieces of DeepSeek's three patterns, one after the other: numbers of up to three digits, runs of Chinese and kana,
 * and in these runs and in what lies between `[ascii punctuation][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|
 * \s*[\r\n]+|\s+(?!\S)|\s+`. Characters that no pattern takes are pieces together.
 */
export function createDeepseekScanner(): Scanner {
  // One function for all tokenizers: the engine optimizes it once.
  return (known ??= createScanner());
}

function createScanner(): Scanner {
  const table = createTable();

  const runEnd = (units: Uint16Array, start: number, limit: number, first: number, second: number): number => {
    let end = start;
    while (end < limit) {
      const codePoint = codePointAt(units, end, limit);
      const kind = table[codePoint]!;
      if (kind !== first && kind !== second) break;
      end += unitsOf(codePoint);
    }
    return end;
  };
  const symbolsEnd = (units: Uint16Array, start: number, limit: number): number => {
    let end = runEnd(units, start, limit, kinds.symbol, kinds.symbol);
    while (end < limit && table[units[end]!] === kinds.newline) end += 1;
    return end;
  };
  /** Letters and symbols of a run by themselves; an unassigned character goes with the letters behind it. */
  const ideographsEnd = (units: Uint16Array, start: number, limit: number, kind: number): number => {
    if (kind !== kinds.ideographicOther) return runEnd(units, start, limit, kind, kind);
    let end = start + 1;
    const letters = runEnd(units, end, limit, kinds.ideograph, kinds.ideograph);
    if (letters > end) return letters;
    const isLone = (at: number) => at < limit && table[units[at]!] === kinds.ideographicOther;
    while (isLone(end) && !(end + 1 < limit && table[units[end + 1]!] === kinds.ideograph)) end += 1;
    return end;
  };
  /** What follows a number or an ideograph is another text, whose beginning counts as the end of this one. */
  const spaceEnd = (units: Uint16Array, start: number, limit: number): number => {
    let end = start;
    let afterNewline = 0;
    let kind: number = kinds.space;
    while (end < limit) {
      kind = table[codePointAt(units, end, limit)]!;
      if (kind === kinds.newline) afterNewline = end + 1;
      else if (kind !== kinds.space) break;
      end += 1;
    }
    if (afterNewline > 0) return afterNewline;
    const isAtEnd = end === limit || kind === kinds.number || kind >= kinds.ideograph;
    return isAtEnd || end === start + 1 ? end : end - 1;
  };
  /** End of the match at `start`, which is no number and no ideograph; `start` where nothing matches. */
  const matchEnd = (units: Uint16Array, start: number, limit: number): number => {
    const codePoint = codePointAt(units, start, limit);
    const kind = table[codePoint]!;
    const next = start + unitsOf(codePoint);
    if (kind === kinds.letter) return runEnd(units, start, limit, kinds.letter, kinds.mark);
    if (kind === kinds.newline) return spaceEnd(units, start, limit);
    if (kind === kinds.symbol) {
      const letters = codePoint < 0x7f ? asciiLettersEnd(units, next, limit) : next;
      return letters > next ? letters : symbolsEnd(units, start, limit);
    }
    const letters = runEnd(units, next, limit, kinds.letter, kinds.mark);
    if (letters > next || kind === kinds.mark) return letters;
    if (kind !== kinds.space) return start;
    if (codePoint === 0x20 && next < limit && table[codePointAt(units, next, limit)] === kinds.symbol) {
      return symbolsEnd(units, next, limit);
    }
    return spaceEnd(units, start, limit);
  };

  return (units, start, limit) => {
    const codePoint = codePointAt(units, start, limit);
    const kind = table[codePoint]!;
    if (kind >= kinds.ideograph) return ideographsEnd(units, start, limit, kind);
    if (kind === kinds.number) {
      let end = start + unitsOf(codePoint);
      for (let count = 1; count < 3 && end < limit; count += 1) {
        const following = codePointAt(units, end, limit);
        if (table[following] !== kinds.number) break;
        end += unitsOf(following);
      }
      return end;
    }
    const matched = matchEnd(units, start, limit);
    if (matched > start) return matched;
    let end = start;
    do end += unitsOf(codePointAt(units, end, limit));
    while (end < limit && !isBoundary(units, end, limit));
    return end;
  };

  function isBoundary(units: Uint16Array, at: number, limit: number): boolean {
    const kind = table[codePointAt(units, at, limit)]!;
    return kind === kinds.number || kind >= kinds.ideograph || matchEnd(units, at, limit) > at;
  }
}

function asciiLettersEnd(units: Uint16Array, start: number, limit: number): number {
  let end = start;
  while (end < limit) {
    const letter = units[end]! | 0x20;
    if (letter < 0x61 || letter > 0x7a) break;
    end += 1;
  }
  return end;
}
