import type { PreTokenizer } from './pre-tokenizer';
import { scanningPreTokenizer } from './split';

/** Cuts into words of `length` characters; the last may be shorter. */
export function fixedLengthPreTokenizer(length: number): PreTokenizer {
  return scanningPreTokenizer((text, emit) => {
    let start = 0;
    let at = 0;
    let count = 0;
    return (until) => {
      while (at < Math.min(until, text.length)) {
        at += text.codePointAt(at)! > 0xffff ? 2 : 1;
        count += 1;
        if (count % length === 0 || at >= text.length) {
          emit(start, at);
          start = at;
        }
      }
      return at >= text.length;
    };
  });
}
