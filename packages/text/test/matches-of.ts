import type { PatternMatcher } from '../src/regex/stepped-pattern';

/** All matches of a pattern in a text, each with where it begins. */
export function matchesOf(matcher: PatternMatcher, text: string): string[] {
  const found: string[] = [];
  matcher.lastIndex = 0;
  for (let one = matcher.exec(text); one; one = matcher.exec(text)) {
    found.push(`${one.index}: ${one[0]}`);
    if (one[0] === '') matcher.lastIndex += (text.codePointAt(one.index) ?? 0) > 0xffff ? 2 : 1;
  }
  return found;
}
