import { isBlank, isPythonSpace } from '../unicode/python-space';
import { checkLimits, type LengthLimits } from './constrained-ends';
import { type CutOptions, cutText, spansOf } from './cut-text';

/** How far back from the limit a space to cut behind is looked for, in code points. */
const searchedForSpace = 20;

type Characters = readonly string[];

/**
 * Cuts a text so that no segment is longer than `maxLength` and, where that allows it, none is shorter than `minLength`
 * (`_enforce_segment_constraints` of wtpsplit): white space behind a cut, which belongs to the segment before it, counts.
 * What is too long is cut at the last space near the limit, what is too short is joined with what follows.
 *
 * @param ends - Of `constrainedEnds`: exclusive, in code points, ascending.
 * @returns Segments that join to the text unless they are stripped.
 * @throws {InputError} Limits or ends that are none.
 */
export function cutToLengths(
  text: string,
  ends: ArrayLike<number>,
  limits: Pick<LengthLimits, 'minLength' | 'maxLength'> & CutOptions,
): string[] {
  const { minLength: shortest = 1, maxLength, stripWhitespace = false } = limits;
  checkLimits(shortest, maxLength);
  const longest = maxLength ?? Infinity;
  const characters = [...text];
  if (isBlank(text)) return stripWhitespace ? [] : join(equalParts(characters, longest));
  if (shortest === 1 && longest === Infinity) return cutText(text, ends, { stripWhitespace });
  const trim = (segment: Characters) => (stripWhitespace ? stripped(segment) : segment);
  const segments: Characters[] = [];
  const push = (segment: Characters) => {
    const kept = trim(segment);
    if (kept.length > 0) segments.push(kept);
  };
  const spans = spansOf(characters, ends);
  let carried: Characters = [];
  for (let index = 0; index < spans.length;) {
    const [start, end] = spans[index]!;
    let segment: Characters = [...carried, ...characters.slice(start, end)];
    carried = [];
    index += 1;
    if (segment.length > longest) {
      const parts = partsUpTo(segment, longest);
      const rest = parts.pop()!;
      for (const part of parts) push(part);
      if (index < spans.length) carried = rest;
      else push(rest);
      continue;
    }
    for (; index < spans.length && trim(segment).length < shortest; index += 1) {
      const joined: Characters = [...segment, ...characters.slice(...spans[index]!)];
      if (trim(joined).length > longest) break;
      segment = joined;
    }
    push(segment);
  }
  return join(withoutShortEnd(segments, trim, shortest, longest));
}

/** Parts of at most `longest`, cut behind the last space near the limit; the last one is what is left. */
function partsUpTo(segment: Characters, longest: number): Characters[] {
  const parts: Characters[] = [];
  let rest = segment;
  while (rest.length > longest) {
    let cut = longest;
    for (let at = longest - 1; at > Math.max(0, longest - searchedForSpace); at -= 1) {
      if (!isSpace(rest[at])) continue;
      cut = at + 1;
      break;
    }
    parts.push(rest.slice(0, cut));
    rest = rest.slice(cut);
  }
  return [...parts, rest];
}

function equalParts(characters: Characters, longest: number): Characters[] {
  if (longest === Infinity) return [characters];
  const count = Math.ceil(characters.length / longest);
  return Array.from({ length: count }, (_, index) => characters.slice(index * longest, (index + 1) * longest));
}

/** Joins the last segment with the one before where it is too short and both together are not too long. */
function withoutShortEnd(
  segments: readonly Characters[],
  trim: (segment: Characters) => Characters,
  shortest: number,
  longest: number,
): readonly Characters[] {
  const [previous, last] = segments.slice(-2);
  if (!previous || !last || trim(last).length >= shortest || previous.length + last.length > longest) return segments;
  return [...segments.slice(0, -2), [...previous, ...last]];
}

function stripped(characters: Characters): Characters {
  let start = 0;
  let end = characters.length;
  while (start < end && isSpace(characters[start])) start += 1;
  while (end > start && isSpace(characters[end - 1])) end -= 1;
  return characters.slice(start, end);
}

const isSpace = (character: string | undefined) => isPythonSpace(character!.codePointAt(0)!);

const join = (segments: readonly Characters[]) => segments.map((segment) => segment.join(''));
