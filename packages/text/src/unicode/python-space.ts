import { isWhiteSpace } from '../tables/white-space';

/** What `str.isspace` of Python says of one code point: Unicode's White_Space and the four separators U+001C..001F. */
export function isPythonSpace(codePoint: number): boolean {
  return isWhiteSpace(codePoint) || (codePoint >= 0x1c && codePoint <= 0x1f);
}

/** True for text of one or more white space characters: `str.isspace` of Python. */
export function isBlank(text: string): boolean {
  for (const character of text) if (!isPythonSpace(character.codePointAt(0)!)) return false;
  return text.length > 0;
}

/** Without white space at both ends: `str.strip` of Python, which is not `trim`. */
export function stripSpace(text: string): string {
  let start = 0;
  let end = text.length;
  // No white space lies outside the basic plane, so units will do.
  while (start < end && isPythonSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isPythonSpace(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
