import { InputError } from '@tesserae/core/data';
import type { WordCounts } from '../word-counts';

export interface AlphabetOptions {
  /**
   * At most so many characters: the most frequent ones, of equals the lower code points. Characters of
   * `initialAlphabet` count as infinitely frequent. Default: all.
   */
  readonly limitAlphabet?: number;
  /** Characters that are tokens even where the corpus has none of them. Default: none. */
  readonly initialAlphabet?: string;
}

/**
 * Characters of the words, by ascending code point.
 *
 * @throws {InputError} A limit that is negative or no number.
 */
export function findAlphabet(words: WordCounts, { limitAlphabet, initialAlphabet = '' }: AlphabetOptions): string[] {
  const counts = new Map<number, number>();
  for (const [word, count] of words) {
    for (let at = 0; at < word.length;) {
      const codePoint = word.codePointAt(at)!;
      counts.set(codePoint, (counts.get(codePoint) ?? 0) + count);
      at += codePoint > 0xffff ? 2 : 1;
    }
  }
  for (const character of initialAlphabet) counts.set(character.codePointAt(0)!, Infinity);
  let kept = [...counts];
  if (limitAlphabet !== undefined) {
    if (!(limitAlphabet >= 0)) throw new InputError('limitAlphabet', 'a number from 0', String(limitAlphabet));
    kept.sort(([first, firstCount], [second, secondCount]) =>
      firstCount === secondCount ? first - second : secondCount - firstCount,
    );
    kept = kept.slice(0, limitAlphabet);
  }
  return kept
    .map(([codePoint]) => codePoint)
    .sort((first, second) => first - second)
    .map((codePoint) => String.fromCodePoint(codePoint));
}
