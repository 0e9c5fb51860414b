import { categoryTest } from '../../tables/general-category';
import { isWhiteSpace } from '../../tables/white-space';
import type { Pattern } from '../pattern';
import { inTurn, type PreTokenizer } from './pre-tokenizer';
import { splitPreTokenizer } from './split';

/** Punctuation as BERT has it: all ASCII symbols, and the categories P of Unicode 8.0. */
export function bertPunctuation(): (codePoint: number) => boolean {
  const isPunctuation = categoryTest(8, 'P');
  return (codePoint) => {
    if (codePoint >= 0x80) return isPunctuation(codePoint);
    return (
      (codePoint >= 0x21 && codePoint <= 0x2f) ||
      (codePoint >= 0x3a && codePoint <= 0x40) ||
      (codePoint >= 0x5b && codePoint <= 0x60) ||
      (codePoint >= 0x7b && codePoint <= 0x7e)
    );
  };
}

export const punctuationPattern = (): Pattern => ({ kind: 'character', test: bertPunctuation() });

export const whiteSpacePattern: Pattern = { kind: 'character', test: isWhiteSpace };

/** Numbers: the categories N of Unicode 17.0, as Rust's own tables have them. */
export const numberPattern = (): Pattern => ({ kind: 'character', test: categoryTest(17, 'N') });

/** Cuts at white space, which is dropped, and around punctuation. */
export function bertPreTokenizer(): PreTokenizer {
  return inTurn(splitPreTokenizer(whiteSpacePattern, 'Removed'), splitPreTokenizer(punctuationPattern(), 'Isolated'));
}
