import { type AlignedText, sliceText } from '../aligned-text';
import type { PreTokenizer } from './pre-tokenizer';

/** Cuts into words of `length` characters; the last may be shorter. */
export function fixedLengthPreTokenizer(length: number): PreTokenizer {
  return (source) => {
    const { text } = source;
    const words: AlignedText[] = [];
    let start = 0;
    let count = 0;
    for (let at = 0; at < text.length;) {
      at += text.codePointAt(at)! > 0xffff ? 2 : 1;
      count += 1;
      if (count % length === 0 || at >= text.length) {
        words.push(sliceText(source, start, at));
        start = at;
      }
    }
    return words;
  };
}
