import { prependNormalizer, replaceNormalizer } from '../normalizers/replace';
import type { PreTokenizer } from './pre-tokenizer';
import { splitText } from './split';

/** Which words get a marker at the beginning: all, only the one the text begins with, or none. */
export const prependSchemes = ['always', 'first', 'never'] as const;

export type PrependScheme = (typeof prependSchemes)[number];

export interface MetaspaceOptions {
  /** What stands for a space. */
  readonly replacement: string;
  readonly prependScheme: PrependScheme;
  /** Cuts before each marker. */
  readonly split: boolean;
}

/** SentencePiece's way with spaces: they become visible and begin words. */
export function metaspacePreTokenizer({ replacement, prependScheme, split }: MetaspaceOptions): PreTokenizer {
  const replaceSpaces = replaceNormalizer({ kind: 'text', text: ' ' }, replacement);
  const prepend = prependNormalizer(replacement);
  return (source) => {
    let text = replaceSpaces(source);
    const isWanted = prependScheme === 'always' || (prependScheme === 'first' && source.origin === 0);
    if (isWanted && !text.text.startsWith(replacement)) text = prepend(text);
    return split ? splitText(text, { kind: 'text', text: replacement }, 'MergedWithNext') : [text];
  };
}
