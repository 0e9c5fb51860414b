import { atStart } from '../normalizers/normalizer';
import { prependNormalizer, replaceNormalizer } from '../normalizers/replace';
import { afterChange, type PreTokenizer, wholeText } from './pre-tokenizer';
import { splitPreTokenizer } from './split';

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
  const words = split ? splitPreTokenizer({ kind: 'text', text: replacement }, 'MergedWithNext') : wholeText;
  const prefixed = atStart((text) => {
    const isWanted = prependScheme === 'always' || (prependScheme === 'first' && text.origin === 0);
    return isWanted && !text.text.startsWith(replacement) ? prepend(text) : text;
  });
  return afterChange(replaceSpaces, afterChange(prefixed, words));
}
