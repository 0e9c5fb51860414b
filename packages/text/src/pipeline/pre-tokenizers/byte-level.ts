import { compilePattern } from '../../regex/translate';
import { atStart } from '../normalizers/normalizer';
import { prependNormalizer } from '../normalizers/replace';
import { byteLevelNormalizer } from '../normalizers/simple';
import { afterChange, eachWord, type PreTokenizer, wholeText } from './pre-tokenizer';
import { splitPreTokenizer } from './split';

/** GPT-2's pattern. */
export const byteLevelPattern = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/** Cuts by GPT-2's pattern, unless `useRegex` is false, and writes words as visible bytes. */
export function byteLevelPreTokenizer(addPrefixSpace: boolean, useRegex: boolean): PreTokenizer {
  const prepend = prependNormalizer(' ');
  const pattern = { kind: 'regex' as const, regex: compilePattern(byteLevelPattern) };
  const words = eachWord(useRegex ? splitPreTokenizer(pattern, 'Isolated') : wholeText, byteLevelNormalizer());
  if (!addPrefixSpace) return words;
  return afterChange(
    atStart((source) => (source.text.startsWith(' ') ? source : prepend(source))),
    words,
  );
}
