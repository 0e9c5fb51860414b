import { withCaseVariants } from './case-folding';
import { type CodePointSet, complement, intersection, union } from './code-point-set';
import { readEscape } from './escapes';
import { fail, type PatternCursor } from './pattern-cursor';
import { propertySet } from './properties';

/**
 * Reads a character class behind its `[`: ranges, escapes, POSIX brackets, nested classes and `&&`.
 *
 * @param ignoreCase - Members also match in the other case.
 */
export function readClass(cursor: PatternCursor, ignoreCase: boolean): CodePointSet {
  const { pattern } = cursor;
  const isNegative = pattern[cursor.at] === '^';
  if (isNegative) cursor.at += 1;
  const first = cursor.at;
  let whole: CodePointSet | undefined;
  let part: CodePointSet[] = [];
  const closePart = () => {
    const set = union(...part);
    whole = whole === undefined ? set : intersection(whole, set);
    part = [];
  };
  for (;;) {
    if (cursor.at >= pattern.length) throw fail(cursor, 'a class without its "]"');
    if (pattern[cursor.at] === ']' && cursor.at > first) break;
    if (pattern.startsWith('&&', cursor.at)) {
      cursor.at += 2;
      closePart();
    } else {
      part.push(readMember(cursor, ignoreCase));
    }
  }
  cursor.at += 1;
  closePart();
  const set = ignoreCase ? withCaseVariants(whole!) : whole!;
  return isNegative ? complement(set) : set;
}

/** One member: a set, a character or a range of characters. */
function readMember(cursor: PatternCursor, ignoreCase: boolean): CodePointSet {
  const { pattern } = cursor;
  const posix = /^\[:(\^?)(\w+):\]/.exec(pattern.slice(cursor.at, cursor.at + 24));
  if (posix) {
    cursor.at += posix[0].length;
    const set = propertySet(posix[2]!);
    return posix[1] === '^' ? complement(set) : set;
  }
  if (pattern[cursor.at] === '[') {
    cursor.at += 1;
    return readClass(cursor, ignoreCase);
  }
  const low = readCharacter(cursor);
  if (typeof low !== 'number') return low;
  const next = pattern[cursor.at + 1];
  if (pattern[cursor.at] !== '-' || next === undefined || next === ']' || next === '[') return [low, low];
  const dash = cursor.at;
  cursor.at += 1;
  const high = readCharacter(cursor);
  if (typeof high !== 'number') {
    // `[a-\d]`: the dash stands for itself.
    cursor.at = dash;
    return [low, low];
  }
  if (high < low) throw fail(cursor, 'a range in the wrong order');
  return [low, high];
}

function readCharacter(cursor: PatternCursor): number | CodePointSet {
  const { pattern } = cursor;
  if (pattern[cursor.at] === '\\') {
    if (pattern[cursor.at + 1] === 'b') {
      cursor.at += 2;
      return 8;
    }
    const found = readEscape(cursor, true);
    if ('set' in found) return found.set;
    if ('codePoint' in found) return found.codePoint;
    throw fail(cursor, 'something that is no character in a class');
  }
  const codePoint = pattern.codePointAt(cursor.at)!;
  cursor.at += codePoint > 0xffff ? 2 : 1;
  return codePoint;
}
