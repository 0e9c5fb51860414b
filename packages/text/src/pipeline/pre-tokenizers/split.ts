import { type AlignedText, sliceText } from '../aligned-text';
import { findMatches, type Match, type Pattern } from '../pattern';
import type { PreTokenizer } from './pre-tokenizer';

/** What becomes of the matches that split a text. */
export const splitBehaviors = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'] as const;

export type SplitBehavior = (typeof splitBehaviors)[number];

/** Cuts a text at the matches of a pattern, or with `invert` at what lies between them. */
export function splitPreTokenizer(pattern: Pattern, behavior: SplitBehavior, invert = false): PreTokenizer {
  return (text) => splitText(text, pattern, behavior, invert);
}

export function splitText(
  source: AlignedText,
  pattern: Pattern,
  behavior: SplitBehavior,
  invert = false,
): AlignedText[] {
  const found = findMatches(pattern, source.text);
  const matches = invert ? found.map((match) => ({ ...match, isMatch: !match.isMatch })) : found;
  return stretches(matches, behavior)
    .filter(({ start, end }) => end > start)
    .map(({ start, end }) => sliceText(source, start, end));
}

function stretches(matches: readonly Match[], behavior: SplitBehavior): readonly { start: number; end: number }[] {
  if (behavior === 'Isolated') return matches;
  if (behavior === 'Removed') return matches.filter(({ isMatch }) => !isMatch);
  if (behavior === 'MergedWithNext') return mergeWithNext(matches);
  const merged: { start: number; end: number }[] = [];
  let previousIsMatch = false;
  for (const { start, end, isMatch } of matches) {
    const last = merged[merged.length - 1];
    const joins = behavior === 'Contiguous' ? isMatch === previousIsMatch : isMatch && !previousIsMatch;
    if (joins && last) last.end = end;
    else merged.push({ start, end });
    previousIsMatch = isMatch;
  }
  return merged;
}

/** A match joins what follows it; of several matches in a row only the last does. */
function mergeWithNext(matches: readonly Match[]): { start: number; end: number }[] {
  const merged: { start: number; end: number }[] = [];
  let previousIsMatch = false;
  for (const { start, end, isMatch } of matches.toReversed()) {
    const last = merged[merged.length - 1];
    if (isMatch && !previousIsMatch && last) last.start = start;
    else merged.push({ start, end });
    previousIsMatch = isMatch;
  }
  return merged.toReversed();
}
