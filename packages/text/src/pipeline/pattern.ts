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

/** Takes the stretches of a text in order. */
export type VisitMatch = (start: number, end: number, isMatch: boolean) => void;

/** A way through a text, match by match. Goes on to `until`, or to the end of the match there; true at the end of the text. */
export type MatchScan = (until: number) => boolean;

/** Covers a text with matches and what lies between them. */
export function findMatches(pattern: Pattern, text: string): Match[] {
  const matches: Match[] = [];
  scanMatches(pattern, text, (start, end, isMatch) => matches.push({ start, end, isMatch }))(text.length + 1);
  return matches;
}

/** The same match by match. An empty text is one stretch that is no match. */
export function scanMatches(pattern: Pattern, text: string, visit: VisitMatch): MatchScan {
  if (text === '') {
    visit(0, 0, false);
    return () => true;
  }
  if (pattern.kind === 'regex') return regexScan(pattern.regex, pattern.path, text, visit);
  if (pattern.kind === 'character') return characterScan(pattern.test, text, visit);
  return pattern.text === '' ? regexScan(/(?:)/gu, undefined, text, visit) : occurrenceScan(pattern.text, text, visit);
}

function characterScan(test: (codePoint: number) => boolean, text: string, visit: VisitMatch): MatchScan {
  let at = 0;
  let last = 0;
  return (until) => {
    const limit = Math.min(until, text.length);
    while (at < limit) {
      const codePoint = text.codePointAt(at)!;
      const end = at + (codePoint > 0xffff ? 2 : 1);
      if (test(codePoint)) {
        if (last < at) visit(last, at, false);
        visit(at, end, true);
        last = end;
      }
      at = end;
    }
    if (at < text.length) return false;
    if (last < at) visit(last, at, false);
    last = at;
    return true;
  };
}

/** An empty match right behind another match does not count. */
function regexScan(regex: PatternMatcher, path: string | undefined, text: string, visit: VisitMatch): MatchScan {
  let at = 0;
  let previous = 0;
  let lastEnd = -1;
  let isDone = false;
  const take = (start: number, end: number): number => {
    if (isInsidePair(text, start)) return start + 1;
    const next = end === start ? end + (text.codePointAt(end)! > 0xffff ? 2 : 1) : end;
    if (end === start && lastEnd === end) return next;
    if (previous < start) visit(previous, start, false);
    visit(start, end, true);
    previous = end;
    lastEnd = end;
    return next;
  };
  return (until) => {
    while (!isDone && at < until) {
      // Others may use the expression between two calls.
      regex.lastIndex = at;
      const found = named(path, () => regex.exec(text));
      if (found) at = take(found.index, found.index + found[0].length);
      else isDone = true;
    }
    if (!isDone && at <= text.length) return false;
    if (previous < text.length) visit(previous, text.length, false);
    previous = text.length;
    isDone = true;
    return true;
  };
}

/** Where V8 lets an empty match stand between the halves of a character. */
function isInsidePair(text: string, at: number): boolean {
  return at > 0 && (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
}

function occurrenceScan(wanted: string, text: string, visit: VisitMatch): MatchScan {
  let previous = 0;
  return (until) => {
    for (let at = text.indexOf(wanted, previous); at >= 0; at = text.indexOf(wanted, previous)) {
      if (previous < at) visit(previous, at, false);
      previous = at + wanted.length;
      visit(at, previous, true);
      if (previous >= until && previous < text.length) return false;
    }
    if (previous < text.length) visit(previous, text.length, false);
    previous = text.length;
    return true;
  };
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
