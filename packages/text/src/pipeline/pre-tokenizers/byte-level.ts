import { compilePattern } from '../../regex/translate';
import { prependNormalizer } from '../normalizers/replace';
import { byteLevelNormalizer } from '../normalizers/simple';
import type { PreTokenizer } from './pre-tokenizer';
import { splitText } from './split';

/** GPT-2's pattern. */
export const byteLevelPattern = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/** Cuts by GPT-2's pattern, unless `useRegex` is false, and writes words as visible bytes. */
export function byteLevelPreTokenizer(addPrefixSpace: boolean, useRegex: boolean): PreTokenizer {
  const prepend = prependNormalizer(' ');
  const pattern = { kind: 'regex' as const, regex: compilePattern(byteLevelPattern) };
  return (source) => {
    const text = addPrefixSpace && !source.text.startsWith(' ') ? prepend(source) : source;
    const words = useRegex ? splitText(text, pattern, 'Isolated') : [text];
    return words.map(byteLevelNormalizer);
  };
}
