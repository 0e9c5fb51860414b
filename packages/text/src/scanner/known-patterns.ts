import { createCl100kScanner } from './cl100k';
import { createDeepseekScanner } from './deepseek';
import { createGpt2Scanner } from './gpt2';
import { createO200kScanner } from './o200k';
import type { Scanner } from './scanner';

const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const ranked = "'(?i:[sdmt]|ll|ve|re)";
const tail = '\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const upper = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]';
const lower = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]';
const first = '[^\\r\\n\\p{L}\\p{N}]?';
const others = ' ?[^\\s\\p{L}\\p{N}]+';

const cl100k = (suffixes: string, numbers: string): string =>
  `${suffixes}|${first}\\p{L}+|${numbers}|${others}[\\r\\n]*|${tail}`;

export const gpt2Pattern = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";
export const cl100kPattern = cl100k(contractions, '\\p{N}{1,3}');
export const o200kPattern =
  `${first}${upper}*${lower}+${contractions}?|${first}${upper}+${lower}*${contractions}?|` +
  `\\p{N}{1,3}|${others}[\\r\\n/]*|${tail}`;
const qwenPattern = cl100k(contractions, '\\p{N}');

/** The three patterns of DeepSeek V3, which are used one after the other. */
export const deepseekPatterns: readonly string[] = [
  '\\p{N}{1,3}',
  '[一-龥\u3040-ゟ゠-ヿ]+',
  '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\r\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+|' +
    ' ?[\\p{P}\\p{S}]+[\r\n]*|\\s*[\r\n]+|\\s+(?!\\S)|\\s+',
];

const scanners: ReadonlyMap<string, () => Scanner> = new Map([
  [gpt2Pattern, createGpt2Scanner],
  [cl100kPattern, createCl100kScanner],
  [cl100k(ranked, '\\p{N}{1,3}'), createCl100kScanner],
  [qwenPattern, () => createCl100kScanner(1)],
  [o200kPattern, createO200kScanner],
  [deepseekPatterns.join('\n'), createDeepseekScanner],
]);

/** A compiled scanner for patterns that are known by their text; undefined for others. */
export function scannerOfPatterns(patterns: readonly string[]): Scanner | undefined {
  return scanners.get(patterns.join('\n'))?.();
}
