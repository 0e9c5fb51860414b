import { classSource, type CodePointSet, complement, setOf, union } from './code-point-set';
import { fail, groupName, type PatternCursor } from './pattern-cursor';
import { escapedWordSet, propertySet } from './properties';

/** What a backslash introduces: a class, one character, or something that is no character. */
export type Escape = { readonly set: CodePointSet } | { readonly codePoint: number } | { readonly source: string };

const classes: Readonly<Record<string, string>> = { d: 'Nd', w: 'word', s: 'space', h: 'xdigit' };
const controls: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, a: 7, e: 27 };

/** Reads what stands at a backslash. */
export function readEscape(cursor: PatternCursor, inClass = false): Escape {
  const rest = cursor.pattern.slice(cursor.at + 1);
  const letter = rest.codePointAt(0) === undefined ? '' : String.fromCodePoint(rest.codePointAt(0)!);
  const take = (length: number) => void (cursor.at += 1 + length);
  if (letter === '') throw fail(cursor, 'a backslash at the end');
  const lower = letter.toLowerCase();
  if (Object.hasOwn(classes, lower)) {
    take(1);
    const set =
      lower === 'w' && !inClass && cursor.syntax === 'oniguruma' ? escapedWordSet() : propertySet(classes[lower]!);
    return { set: letter === lower ? set : complement(set) };
  }
  if (letter === 'p' || letter === 'P') return readProperty(cursor, rest, letter === 'P');
  if (Object.hasOwn(controls, letter) && !(letter === 'e' && cursor.syntax === 'rust')) {
    take(1);
    return { codePoint: controls[letter]! };
  }
  const code = readCode(rest);
  if (code) {
    take(code.length);
    return { codePoint: code.value };
  }
  if (!inClass) {
    const assertion = readAssertion(cursor, letter, rest);
    if (assertion) {
      take(assertion.length);
      return { source: assertion.source };
    }
  }
  if (/^[A-Za-z0-9]/.test(letter)) throw fail(cursor, `"\\${letter}"`);
  take(letter.length);
  return { codePoint: letter.codePointAt(0)! };
}

/** `\p{Lu}`, `\p{^Lu}`, `\pL`, `\p{Script=Han}`. */
function readProperty(cursor: PatternCursor, rest: string, isNegative: boolean): Escape {
  const found = /^[pP](?:\{(\^?)([^}]+)\}|([A-Z]))/.exec(rest);
  if (!found) throw fail(cursor, '"\\p" without a name');
  cursor.at += 1 + found[0].length;
  const name = (found[2] ?? found[3])!.replace(/^(?:script|sc|general_category|gc)=/i, '');
  const set = propertySet(name);
  return { set: isNegative !== (found[1] === '^') ? complement(set) : set };
}

/** `\x41`, `\x{41}`, `\u0041`, `\u{41}`, `\U00000041`, `\0`, `\012`. */
function readCode(rest: string): { readonly value: number; readonly length: number } | undefined {
  const found =
    /^[xu]\{\s*([0-9A-Fa-f]{1,8})\s*\}/.exec(rest) ??
    /^x([0-9A-Fa-f]{1,2})/.exec(rest) ??
    /^u([0-9A-Fa-f]{4})/.exec(rest) ??
    /^U([0-9A-Fa-f]{8})/.exec(rest);
  if (found) return { value: Number.parseInt(found[1]!, 16), length: found[0].length };
  const octal = /^0[0-7]{0,2}/.exec(rest);
  return octal ? { value: Number.parseInt(octal[0], 8), length: octal[0].length } : undefined;
}

/** Anchors, boundaries, line breaks and references to groups. */
function readAssertion(
  cursor: PatternCursor,
  letter: string,
  rest: string,
): { readonly source: string; readonly length: number } | undefined {
  if (letter === 'A') return { source: '(?<![^])', length: 1 };
  if (letter === 'z') return { source: '(?![^])', length: 1 };
  if (letter === 'Z') return { source: '(?=\\n?(?![^]))', length: 1 };
  if (letter === 'b' || letter === 'B') {
    const word = classSource(cursor.syntax === 'oniguruma' ? escapedWordSet() : propertySet('word'));
    const source =
      letter === 'b'
        ? `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
        : `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
    return { source, length: 1 };
  }
  if (letter === 'R') return { source: `(?:\\r\\n|${classSource(lineBreaks)})`, length: 1 };
  if (letter === 'N' && cursor.syntax === 'oniguruma') return { source: classSource(complement(setOf(10))), length: 1 };
  if (letter === 'O' && cursor.syntax === 'oniguruma') return { source: '[^]', length: 1 };
  const named = /^k(?:<([^>]+)>|'([^']+)')/.exec(rest);
  if (named) {
    const name = (named[1] ?? named[2])!;
    const source = /^\d+$/.test(name) ? groupName(Number(name)) : `named_${name}`;
    return { source: `\\k<${source}>`, length: named[0].length };
  }
  const numbered = /^[1-9]\d?/.exec(rest);
  return numbered ? { source: `\\k<${groupName(Number(numbered[0]))}>`, length: numbered[0].length } : undefined;
}

const lineBreaks = union([0x0a, 0x0d], [0x85, 0x85], [0x2028, 0x2029]);
