import { scriptNames, scriptsOf } from '../../tables/scripts';
import { sliceText } from '../aligned-text';
import type { PreTokenizer } from './pre-tokenizer';

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
  return (source) => {
    const { text } = source;
    const starts: number[] = [];
    let last: number | undefined;
    for (let at = 0; at < text.length;) {
      const codePoint = text.codePointAt(at)!;
      const script = scriptOf(codePoint);
      if (script !== any && last !== script) starts.push(at);
      if (script !== any) last = script;
      at += codePoint > 0xffff ? 2 : 1;
    }
    return starts.map((start, index) => sliceText(source, start, starts[index + 1] ?? text.length));
  };
}
