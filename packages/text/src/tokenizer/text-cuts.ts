import { isSafeCut } from '../bpe/windows';
import { isWhiteSpace } from '../tables/white-space';

/**
 * Where a text may be cut so that its parts give the tokens of the whole one after the other: wherever compiled patterns
 * end a piece, only before white space, only before U+0020, or nowhere. Always behind a letter.
 */
export type TextCuts = 'pieces' | 'white-space' | 'spaces' | 'none';

/** True where a text may be cut before unit `at`. Looks at that unit and the one before it only. */
export function isCut(text: string, at: number, cuts: TextCuts): boolean {
  if (cuts === 'none' || !isSafeCut(text, at)) return false;
  if (cuts === 'pieces') return true;
  const unit = text.charCodeAt(at);
  return cuts === 'spaces' ? unit === 0x20 : isWhiteSpace(unit) && !isControl(unit);
}

/** White space that BERT's clean-up drops, so that it separates nothing. */
const isControl = (unit: number): boolean => unit === 0x0b || unit === 0x0c || unit === 0x85;

/** The last cut inside `start..end`, or -1. */
export function lastCut(text: string, start: number, end: number, cuts: TextCuts): number {
  if (cuts === 'none') return -1;
  for (let at = end - 1; at > start; at -= 1) if (isCut(text, at, cuts)) return at;
  return -1;
}

/** The first cut inside `start..end`, or -1. */
export function firstCut(text: string, start: number, end: number, cuts: TextCuts): number {
  if (cuts === 'none') return -1;
  for (let at = start + 1; at < end; at += 1) if (isCut(text, at, cuts)) return at;
  return -1;
}

/**
 * End of the stretch that begins at `start`: at most `size` units long if there is a cut before, else as long as it must.
 *
 * @param most - Units behind that which are searched. Default: all.
 * @returns -1 where there is none so far.
 */
export function endOfStretch(text: string, start: number, size: number, cuts: TextCuts, most = Infinity): number {
  const wanted = start + size;
  if (wanted >= text.length || cuts === 'none') return text.length;
  const before = lastCut(text, start, wanted + 1, cuts);
  if (before > 0) return before;
  const limit = Math.min(text.length, wanted + most);
  const behind = firstCut(text, wanted, limit, cuts);
  if (behind >= 0) return behind;
  return limit < text.length ? -1 : text.length;
}
