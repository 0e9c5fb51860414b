import { scriptNames, scriptsOf } from '../../tables/scripts';
import type { PreTokenizer } from './pre-tokenizer';
import { scanningPreTokenizer } from './split';

const any = -1;

/**
 * Cuts where the script changes (Unicode 9.0). Kana count as Han; spaces and unassigned characters go with what is
 * before them. What stands before the first character with a script is lost, as in the Hugging Face library.
 */
export function unicodeScriptsPreTokenizer(): PreTokenizer {
  const scripts = scriptsOf(9);
  const han = scriptNames.indexOf('Han');
  const kana = [scriptNames.indexOf('Hiragana'), scriptNames.indexOf('Katakana')];
  const scriptOf = (codePoint: number): number => {
    if (codePoint === 0x30fc) return han;
    const script = scripts[codePoint]!;
    if (codePoint === 0x20 || script === 0) return any;
    return kana.includes(script) ? han : script;
  };
  return scanningPreTokenizer((text, emit) => {
    let at = 0;
    /** Where the present word begins; -1 before the first. */
    let start = -1;
    let last: number | undefined;
    return (until) => {
      while (at < Math.min(until, text.length)) {
        const codePoint = text.codePointAt(at)!;
        const script = scriptOf(codePoint);
        if (script !== any && last !== script) {
          if (start >= 0) emit(start, at);
          start = at;
        }
        if (script !== any) last = script;
        at += codePoint > 0xffff ? 2 : 1;
      }
      if (at < text.length) return false;
      if (start >= 0) emit(start, at);
      start = -1;
      return true;
    };
  });
}
