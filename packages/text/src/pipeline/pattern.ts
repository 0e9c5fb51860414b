import { UnsupportedError } from '@tesserae/core/data';
import type { PatternMatcher } from '../regex/stepped-pattern';
import { compileForeignPattern } from '../regex/translate';
import { field, isAbsent, type JsonPlace, expected, readString } from './json-reader';

/** What splits or is replaced: a regular expression, a fixed text, or characters with a property. */
export type Pattern =
  | { readonly kind: 'regex'; readonly regex: PatternMatcher; readonly path?: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'character'; readonly test: (codePoint: number) => boolean };

/** A stretch of text, in UTF-16 units. */
export interface Match {
  readonly start: number;
  readonly end: number;
  /** False: the text between matches. */
  readonly isMatch: boolean;
}

/** Covers a text with matches and what lies between them. */
export function findMatches(pattern: Pattern, text: string): Match[] {
  if (text === '') return [{ start: 0, end: 0, isMatch: false }];
  if (pattern.kind === 'regex') return named(pattern.path, () => regexMatches(pattern.regex, text));
  if (pattern.kind === 'text') return textMatches(pattern.text, text);
  const matches: Match[] = [];
  let last = 0;
  for (let at = 0; at < text.length;) {
    const codePoint = text.codePointAt(at)!;
    const end = at + (codePoint > 0xffff ? 2 : 1);
    if (pattern.test(codePoint)) {
      if (last < at) matches.push({ start: last, end: at, isMatch: false });
      matches.push({ start: at, end, isMatch: true });
      last = end;
    }
    at = end;
  }
  if (last < text.length) matches.push({ start: last, end: text.length, isMatch: false });
  return matches;
}

/** An empty match right behind another match does not count. */
function regexMatches(regex: PatternMatcher, text: string): Match[] {
  const matches: Match[] = [];
  let previous = 0;
  let lastEnd = -1;
  regex.lastIndex = 0;
  for (let found = regex.exec(text); found; found = regex.exec(text)) {
    const start = found.index;
    const end = start + found[0].length;
    if (isInsidePair(text, start)) {
      regex.lastIndex = start + 1;
      continue;
    }
    if (end === start) {
      regex.lastIndex = end + (text.codePointAt(end)! > 0xffff ? 2 : 1);
      if (lastEnd === end) continue;
    }
    if (previous < start) matches.push({ start: previous, end: start, isMatch: false });
    matches.push({ start, end, isMatch: true });
    previous = end;
    lastEnd = end;
  }
  if (previous < text.length) matches.push({ start: previous, end: text.length, isMatch: false });
  return matches;
}

/** Where V8 lets an empty match stand between the halves of a character. */
function isInsidePair(text: string, at: number): boolean {
  return at > 0 && (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
}

function textMatches(wanted: string, text: string): Match[] {
  if (wanted === '') return regexMatches(/(?:)/gu, text);
  const matches: Match[] = [];
  let previous = 0;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, previous)) {
    if (previous < at) matches.push({ start: previous, end: at, isMatch: false });
    previous = at + wanted.length;
    matches.push({ start: at, end: previous, isMatch: true });
  }
  if (previous < text.length) matches.push({ start: previous, end: text.length, isMatch: false });
  return matches;
}

/** `{"String": …}` or `{"Regex": …}`; old files have a bare string. */
export function readPattern(place: JsonPlace): Pattern {
  if (typeof place.value === 'string') return { kind: 'text', text: place.value };
  const text = field(place, 'String');
  if (!isAbsent(text)) return { kind: 'text', text: readString(text) };
  const regex = field(place, 'Regex');
  if (isAbsent(regex)) throw expected(place, '"String" or "Regex"');
  return named(regex.path, () => ({
    kind: 'regex',
    regex: compileForeignPattern(readString(regex)),
    path: regex.path,
  }));
}

/** Errors name the place of the pattern. */
function named<T>(path: string | undefined, run: () => T): T {
  try {
    return run();
  } catch (cause) {
    if (path !== undefined && cause instanceof UnsupportedError) {
      throw new UnsupportedError(path, cause.message, { cause });
    }
    throw cause;
  }
}
