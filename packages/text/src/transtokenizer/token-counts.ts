/** For every token of a new vocabulary how often tokens of the old one stood for it; both in the order of insertion. */
export type TranslationCounts = Map<string, Map<string, number>>;

export function addTranslation(counts: TranslationCounts, newToken: string, oldToken: string, count: number): void {
  let row = counts.get(newToken);
  if (!row) counts.set(newToken, (row = new Map<string, number>()));
  row.set(oldToken, (row.get(oldToken) ?? 0) + count);
}

/**
 * Counts of the tokens of two words that were aligned. Half of the count goes to all pairs of tokens, half to pairs in
 * order, where both words are first repeated to equal lengths; both are diluted by the number of pairs a token is in, and
 * are at least 1.
 */
export function addWordTranslation(
  counts: TranslationCounts,
  newWord: readonly string[],
  oldWord: readonly string[],
  count: number,
): void {
  const half = Math.max(1, Math.floor(count / 2));
  const toAll = Math.max(1, Math.floor(half / oldWord.length));
  for (const newToken of newWord) for (const oldToken of oldWord) addTranslation(counts, newToken, oldToken, toAll);
  const shared = greatestCommonDivisor(oldWord.length, newWord.length);
  const isEqual = oldWord.length === newWord.length;
  const [oldRepeats, newRepeats] = isEqual ? [1, 1] : [newWord.length / shared, oldWord.length / shared];
  const inOrder = Math.max(1, Math.floor(half / newRepeats));
  for (let index = 0; index < oldWord.length * oldRepeats; index += 1) {
    const newToken = newWord[Math.floor(index / newRepeats)]!;
    addTranslation(counts, newToken, oldWord[Math.floor(index / oldRepeats)]!, inOrder);
  }
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}
