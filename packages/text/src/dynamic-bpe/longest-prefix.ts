/**
 * Tokens of a text in the byte alphabet by longest prefixes: how texts are written in the large vocabulary of a dynamic
 * decoder (arXiv 2411.18553, section 3.3; WordPiece with an empty prefix).
 *
 * @param vocabulary - Ids of tokens.
 * @returns Encodes a word; undefined where a part of it has no token.
 */
export function createLongestPrefixEncoder(
  vocabulary: ReadonlyMap<string, number>,
): (word: string) => number[] | undefined {
  let longest = 0;
  for (const token of vocabulary.keys()) longest = Math.max(longest, token.length);
  return (word) => {
    const ids: number[] = [];
    for (let at = 0; at < word.length;) {
      let end = Math.min(word.length, at + longest);
      while (end > at && !vocabulary.has(word.slice(at, end))) end -= 1;
      if (end === at) return undefined;
      ids.push(vocabulary.get(word.slice(at, end))!);
      at = end;
    }
    return ids;
  };
}
