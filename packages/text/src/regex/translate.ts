import { UnsupportedError } from '@tesserae/core/data';
import { caseVariants } from './case-folding';
import { readClass } from './character-class';
import { classSource, complement, setOf } from './code-point-set';
import { readEscape } from './escapes';
import { mayExplode } from './explosive';
import { createPatternCursor, fail, type PatternCursor, type PatternSyntax } from './pattern-cursor';
import { readPatternTree } from './pattern-tree';
import { type PatternMatcher, steppedPattern } from './stepped-pattern';
import { mayCrawl, watchedPattern } from './watched-pattern';

/**
 * Translates a pattern of a tokenizer file into a JavaScript regular expression with the flag `u`.
 *
 * Character classes become ranges of Unicode 16.0, so that no runtime's own version counts; `\s` is White_Space; inline
 * flags and case folding are spelled out; possessive and atomic groups become a look-ahead with a reference to it.
 *
 * @param syntax - `oniguruma`: Ruby's, as tokenizer.json has it: `^` and `$` match at every line. `rust`: fancy-regex, as
 * openai/tiktoken has it: they match at the ends of the text.
 * @throws {UnsupportedError} A construct that has no counterpart.
 */
export function translatePattern(pattern: string, syntax: PatternSyntax = 'oniguruma'): string {
  const cursor = createPatternCursor(pattern, syntax);
  const source = readAlternatives(cursor, { ignoreCase: false, dotAll: false, extended: false });
  if (cursor.at < pattern.length) throw fail(cursor, 'unmatched ")"');
  return source;
}

/** Compiled, with the flags `g` and `u`. */
export const compilePattern = (pattern: string, syntax: PatternSyntax = 'oniguruma'): RegExp =>
  new RegExp(translatePattern(pattern, syntax), 'gu');

/**
 * Compiled like {@link compilePattern}, with a watch on the time where it could grow with the square of a text's length, or
 * by steps that are counted where it could explode: for patterns of files that nobody vouches for.
 *
 * @throws {UnsupportedError} A construct that has no counterpart.
 */
export function compileForeignPattern(pattern: string, syntax: PatternSyntax = 'oniguruma'): PatternMatcher {
  const source = translatePattern(pattern, syntax);
  const regex = compileSource(source, pattern);
  const tree = readPatternTree(source);
  if (mayExplode(tree)) return steppedPattern(tree, pattern);
  return mayCrawl(tree) ? watchedPattern(regex, tree, pattern) : regex;
}

/** What translates to something else than a regular expression, as a reference to a group that is not there. */
function compileSource(source: string, pattern: string): RegExp {
  try {
    return new RegExp(source, 'gu');
  } catch (cause) {
    const message = `${JSON.stringify(pattern)} cannot be used here: ${(cause as Error).message}`;
    throw new UnsupportedError('regular expression', message, { cause });
  }
}

interface Flags {
  readonly ignoreCase: boolean;
  readonly dotAll: boolean;
  readonly extended: boolean;
}

function readAlternatives(cursor: PatternCursor, given: Flags): string {
  let flags = given;
  let source = '';
  while (cursor.at < cursor.pattern.length && cursor.pattern[cursor.at] !== ')') {
    const character = cursor.pattern[cursor.at]!;
    if (character === '|') {
      cursor.at += 1;
      source += '|';
      continue;
    }
    if (flags.extended && skipExtended(cursor)) continue;
    const switched = readFlagSwitch(cursor, flags);
    if (switched) {
      flags = switched;
      // `a(?i)b|c` is `a(?i:b|c)` in Oniguruma.
      if (cursor.syntax === 'oniguruma') return `${source}(?:${readAlternatives(cursor, flags)})`;
      continue;
    }
    source += readQuantified(cursor, readAtom(cursor, flags));
  }
  return source;
}

/** White space and comments of extended patterns. */
function skipExtended(cursor: PatternCursor): boolean {
  const found = /^(?:\s+|#[^\n]*)/.exec(cursor.pattern.slice(cursor.at));
  if (found) cursor.at += found[0].length;
  return found !== null;
}

/** `(?i)`, `(?m-x)`: the rest of the group has other flags. */
function readFlagSwitch(cursor: PatternCursor, flags: Flags): Flags | undefined {
  const found = /^\(\?([imsxu]*(?:-[imsx]+)?)\)/.exec(cursor.pattern.slice(cursor.at));
  if (!found) return undefined;
  cursor.at += found[0].length;
  return withFlags(flags, found[1]!, cursor.syntax);
}

function withFlags(flags: Flags, letters: string, syntax: PatternSyntax): Flags {
  const [on = '', off = ''] = letters.split('-');
  const dotAll = syntax === 'oniguruma' ? 'm' : 's';
  const changed = (letter: string, before: boolean) => (before || on.includes(letter)) && !off.includes(letter);
  return {
    ignoreCase: changed('i', flags.ignoreCase),
    dotAll: changed(dotAll, flags.dotAll),
    extended: changed('x', flags.extended),
  };
}

function readAtom(cursor: PatternCursor, flags: Flags): string {
  const { pattern, syntax } = cursor;
  const character = String.fromCodePoint(pattern.codePointAt(cursor.at)!);
  if (character === '(') return readGroup(cursor, flags);
  if (character === '[') {
    cursor.at += 1;
    return classSource(readClass(cursor, flags.ignoreCase));
  }
  if (character === '\\') {
    const found = readEscape(cursor);
    if ('set' in found) return classSource(found.set);
    if ('source' in found) return found.source;
    return literal(found.codePoint, flags);
  }
  cursor.at += character.length;
  if (character === '.') return flags.dotAll ? '[^]' : classSource(complement(setOf(0x0a)));
  if (character === '^') return syntax === 'rust' ? '(?<![^])' : '(?:(?<![^])|(?<=\\n)(?=[^]))';
  if (character === '$') return syntax === 'rust' ? '(?![^])' : '(?=\\n|(?![^]))';
  if (/[*+?]/.test(character)) throw fail(cursor, `"${character}" repeats nothing`);
  return literal(character.codePointAt(0)!, flags);
}

function literal(codePoint: number, { ignoreCase }: Flags): string {
  const variants = ignoreCase ? caseVariants(codePoint) : [codePoint];
  if (variants.length > 1) return classSource(setOf(...variants));
  const text = String.fromCodePoint(codePoint);
  return /[A-Za-z0-9 '"<>=!,:;@#%&_~`]/.test(text) ? text : `\\u{${codePoint.toString(16)}}`;
}

function readGroup(cursor: PatternCursor, flags: Flags): string {
  const rest = cursor.pattern.slice(cursor.at);
  const comment = /^\(\?#[^)]*\)/.exec(rest);
  if (comment) {
    cursor.at += comment[0].length;
    return '(?:)';
  }
  const plain = /^\(\?(=|!|<=|<!|:|>)/.exec(rest);
  const flagged = /^\(\?([imsxu]*(?:-[imsx]+)?):/.exec(rest);
  const named = /^\(\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/.exec(rest);
  const opening = plain ?? flagged ?? named;
  if (!opening && rest.startsWith('(?')) throw fail(cursor, `group "${rest.slice(0, 4)}"`);
  cursor.at += opening ? opening[0].length : 1;
  const name = plain || flagged ? undefined : cursor.openGroup(named?.[1] ?? named?.[2]);
  const inner = readAlternatives(cursor, flagged ? withFlags(flags, flagged[1]!, cursor.syntax) : flags);
  if (cursor.pattern[cursor.at] !== ')') throw fail(cursor, 'a group without its ")"');
  cursor.at += 1;
  if (name !== undefined) return cursor.hasReferences ? `(?<${name}>${inner})` : `(?:${inner})`;
  if (plain && plain[1] === '>') return atomic(cursor, inner);
  return plain && plain[1] !== ':' ? `(?:(?${plain[1]!}${inner}))` : `(?:${inner})`;
}

function atomic(cursor: PatternCursor, inner: string): string {
  const name = cursor.atomicName();
  return `(?:(?=(?<${name}>${inner}))\\k<${name}>)`;
}

function readQuantified(cursor: PatternCursor, atom: string): string {
  let source = atom;
  for (;;) {
    const rest = cursor.pattern.slice(cursor.at, cursor.at + 24);
    const found = /^(?:[*+?]|\{(\d*)(,?)(\d*)\})/.exec(rest);
    // `{` that begins no interval stands for itself.
    if (!found || (found[0].startsWith('{') && found[1] === '' && found[3] === '')) return source;
    cursor.at += found[0].length;
    const isInterval = found[0].startsWith('{');
    const [least, most] = [found[1] || '0', found[3] ?? ''];
    const isSwapped = isInterval && most !== '' && Number(least) > Number(most);
    if (isSwapped && cursor.syntax === 'rust') throw fail(cursor, 'an interval in the wrong order');
    const interval = isSwapped ? `{${most},${least}}` : `{${least}${found[2]}${most}}`;
    const quantifier = isInterval ? interval : found[0];
    const suffix = cursor.pattern[cursor.at];
    // In Ruby's syntax only `* + ?` have a possessive form; `{n,m}+` repeats the interval, and `{m,n}` is possessive.
    const isPlus = suffix === '+' && (!isInterval || cursor.syntax === 'rust');
    if (isPlus || suffix === '?') cursor.at += 1;
    const isPossessive = isPlus || isSwapped;
    source = `${source}${quantifier}${suffix === '?' ? '?' : ''}`;
    source = isPossessive ? atomic(cursor, source) : `(?:${source})`;
  }
}
