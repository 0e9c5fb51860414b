import { InputError } from '@tesserae/core/data';
import { categoryTest } from '../tables/general-category';

/** A stretch of text without separators, of letters and digits or of punctuation and symbols. */
export interface TextWord {
  /** A space where separators stood in front of it, else empty. */
  readonly prefix: '' | ' ';
  readonly text: string;
}

const isSign = categoryTest(16, 'S', 'P');
const isSeparator = categoryTest(16, 'Z');
const controls = new Set(['\n', '\t', '\r']);

/**
 * Cuts text into words as the tokenizers of CompoundPiece count them (arXiv 2305.14214, `segment` of the official code):
 * NFKC, then runs of punctuation and symbols by themselves; separators are gone but for the space in front of a word.
 *
 * @param maxLength - Code points of a word at most; where there is a longer one the text counts as noise. Default 1000.
 * @returns None for noise.
 * @throws {InputError} A length below 1.
 */
export function segmentCompoundText(text: string, maxLength = 1000): TextWord[] {
  if (!(maxLength >= 1)) throw new InputError('maxLength', 'a number of at least 1', String(maxLength));
  const words: { prefix: '' | ' '; text: string; kind: string; length: number }[] = [];
  let prefix: '' | ' ' = '';
  let last = '';
  for (const character of text.normalize('NFKC')) {
    const codePoint = character.codePointAt(0)!;
    const kind = isSeparator(codePoint) || controls.has(character) ? 'separator' : isSign(codePoint) ? 'sign' : 'word';
    if (kind === 'separator') prefix = ' ';
    else if (kind === last) {
      const word = words.at(-1)!;
      word.text += character;
      word.length += 1;
    } else {
      words.push({ prefix, text: character, kind, length: 1 });
      prefix = '';
    }
    last = kind;
  }
  if (words.some(({ length }) => length > maxLength)) return [];
  return words.map(({ prefix: space, text: own }) => ({ prefix: space, text: own }));
}
