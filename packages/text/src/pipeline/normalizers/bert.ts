import { categoryTest } from '../../tables/general-category';
import { isWhiteSpace } from '../../tables/white-space';
import { dropCharacters, replaceCharacters } from './characters';
import { lowercaseText } from './lowercase';
import type { Normalizer } from './normalizer';
import { normalizeForm } from './unicode-forms';

export interface BertNormalizerOptions {
  /** Drops controls and U+FFFD, makes all white space spaces. */
  readonly cleanText: boolean;
  /** Puts spaces around CJK ideographs. */
  readonly handleChineseCharacters: boolean;
  /** Decomposes and drops non-spacing marks. */
  readonly stripAccents: boolean;
  readonly lowercase: boolean;
}

/** Ideographs as BERT's `tokenization.py` lists them. */
const ideographs = [
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xf900, 0xfaff],
  [0x20000, 0x2a6df],
  [0x2a700, 0x2b81f],
  [0x2b920, 0x2ceaf],
  [0x2f800, 0x2fa1f],
] as const;

/** True for those that `handle_chinese_chars` puts spaces around. */
export const isIdeograph = (codePoint: number): boolean =>
  codePoint >= 0x3400 && ideographs.some(([first, last]) => codePoint >= first && codePoint <= last);

/** What BERT does to a text before it is split; categories are those of Unicode 8.0. */
export function bertNormalizer(options: BertNormalizerOptions): Normalizer {
  const isOther = categoryTest(8, 'Cc', 'Cf', 'Co');
  const isMark = categoryTest(8, 'Mn');
  const isDropped = (codePoint: number): boolean => {
    if (codePoint === 9 || codePoint === 10 || codePoint === 13) return false;
    return codePoint === 0 || codePoint === 0xfffd || isOther(codePoint);
  };
  return (given) => {
    if (isPrintable(given.text)) return options.lowercase ? lowercaseText(given) : given;
    let text = given;
    if (options.cleanText) {
      text = replaceCharacters(text, (_, codePoint) => {
        if (isDropped(codePoint)) return '';
        return codePoint !== 0x20 && isWhiteSpace(codePoint) ? ' ' : undefined;
      });
    }
    if (options.handleChineseCharacters) {
      text = replaceCharacters(text, (character, codePoint) => (isIdeograph(codePoint) ? ` ${character} ` : undefined));
    }
    if (options.stripAccents) text = dropCharacters(normalizeForm(text, 'NFD'), isMark);
    return options.lowercase ? lowercaseText(text) : text;
  };
}

/** ASCII without controls: nothing but its case can change. */
function isPrintable(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0x20 || unit > 0x7e) return false;
  }
  return true;
}
