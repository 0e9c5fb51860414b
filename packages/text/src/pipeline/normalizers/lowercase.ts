import { isAsciiText } from '../../bytes/utf8';
import type { AlignedText } from '../aligned-text';
import { replaceCharacters } from './characters';

/** Lower case, each character by itself: a final sigma is not special, `İ` becomes two characters. */
export function lowercaseText(source: AlignedText): AlignedText {
  const { text } = source;
  // Most texts are the same in lower case, or change no length.
  const lower = text.toLowerCase();
  if (lower === text) return source;
  if (isAsciiText(text)) return { ...source, text: lower };
  return replaceCharacters(source, (character) => {
    const lower = character.toLowerCase();
    return lower === character ? undefined : lower;
  });
}
