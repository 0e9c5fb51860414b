/**
 * Languages that tokens are attested in: those with a word that holds the token, at its beginning where the token begins
 * with a space. Case counts.
 *
 * @param tokens - Texts of tokens.
 * @param words - Words of each language.
 * @returns Only tokens that some language knows; languages in the order given.
 */
export function attestedLanguages(
  tokens: Iterable<string>,
  words: Readonly<Record<string, Iterable<string>>>,
): Map<string, string[]> {
  const wanted = new Set(tokens);
  let longest = 0;
  for (const token of wanted) longest = Math.max(longest, token.length);
  const found = new Map<string, string[]>();
  for (const [language, list] of Object.entries(words)) {
    const seen = new Set<string>();
    for (const word of list) {
      const spaced = ` ${word}`;
      for (let start = 0; start < spaced.length; start += 1) {
        for (let end = start + 1; end <= Math.min(spaced.length, start + longest); end += 1) {
          const part = spaced.slice(start, end);
          if (part !== ' ' && wanted.has(part)) seen.add(part);
        }
      }
    }
    for (const token of seen) {
      const languages = found.get(token);
      if (languages) languages.push(language);
      else found.set(token, [language]);
    }
  }
  return found;
}
