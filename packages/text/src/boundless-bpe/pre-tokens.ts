import { findMatches } from '../pipeline/pattern';
import { compileForeignPattern } from '../regex/translate';
import { scannerOfPatterns } from '../scanner/known-patterns';

/** Calls `take` with the range of every pre-token of a text, in UTF-16 units. */
export type PreTokenFinder = (text: string, take: (start: number, end: number) => void) => void;

/**
 * Finds the matches of a pattern as Python's `regex.findall` does; what lies between them is dropped.
 *
 * @throws {UnsupportedError} A construct that has no counterpart; later a text that takes too long.
 */
export function createPreTokenFinder(pattern: string): PreTokenFinder {
  const scan = scannerOfPatterns([pattern]);
  if (!scan) {
    const regex = compileForeignPattern(pattern, 'rust');
    return (text, take) => {
      for (const { start, end, isMatch } of findMatches({ kind: 'regex', regex, path: 'model: pattern' }, text)) {
        if (isMatch && end > start) take(start, end);
      }
    };
  }
  let units = new Uint16Array(1024);
  return (text, take) => {
    const { length } = text;
    if (units.length < length) units = new Uint16Array(length * 2);
    for (let index = 0; index < length; index += 1) units[index] = text.charCodeAt(index);
    for (let start = 0; start < length;) {
      const end = scan(units, start, length);
      take(start, end);
      start = end;
    }
  };
}
