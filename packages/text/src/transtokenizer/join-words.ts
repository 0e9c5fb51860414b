import type { TranslationVocabulary } from './map-tokens';

/**
 * A tokenized sentence for word alignment: tokens of one word joined, words with spaces between them. Two tokens are of
 * one word where the first ends with a letter, and the second has no word prefix and begins with a letter
 * (`create_aligned_corpus` of the official code).
 *
 * @param joiner - Default U+2014.
 */
export function joinWords(
  tokens: readonly string[],
  prefixes: Pick<TranslationVocabulary, 'wordPrefix' | 'innerPrefix'> = {},
  joiner = '\u2014',
): string {
  const { wordPrefix = '\u2581', innerPrefix = '' } = prefixes;
  let text = '';
  for (const [index, token] of tokens.entries()) {
    const last = [...(tokens[index - 1] ?? '')].at(-1) ?? '';
    const endsInLetter = /^\p{L}$/u.test(last) && !last.startsWith(wordPrefix);
    const goesOn = !token.startsWith(wordPrefix) && token.startsWith(innerPrefix);
    const beginsWithLetter = /^\p{L}/u.test(token.slice(innerPrefix.length));
    if (index > 0) text += wordPrefix !== '' && endsInLetter && goesOn && beginsWithLetter ? joiner : ' ';
    text += token;
  }
  return text.trim();
}
