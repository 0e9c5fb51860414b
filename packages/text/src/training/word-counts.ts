import { InputError } from '@tesserae/core/data';
import { compareCodePoints } from './code-point-order';

/** Distinct words and how often each comes: positive integers. */
export type WordCounts = ReadonlyMap<string, number>;

/** Which of the distinct words a trainer gets. */
export interface WordSelection {
  /** Words that come less often are left out. Default 1. */
  readonly minimumCount?: number;
  /** Only so many words, the most frequent ones; of equals the first by code points. Default: all. */
  readonly maximumWords?: number;
}

/** @throws {InputError} The count is no positive integer. */
export function checkCount(word: string, count: number): void {
  if (Number.isSafeInteger(count) && count > 0) return;
  const shown = word.length > 40 ? `${word.slice(0, 40)}…` : word;
  throw new InputError(`count of ${JSON.stringify(shown)}`, 'a positive integer', String(count));
}

/** Words in code point order, which is the order in which trainers walk them. */
export function sortedWords(words: WordCounts): [string, number][] {
  return [...words].toSorted(([left], [right]) => compareCodePoints(left, right));
}

/**
 * Leaves out rare words.
 *
 * @param entries - Gives the distinct words in code point order, each time it is called.
 * @throws {InputError} A limit below 1.
 */
export function selectWords(
  entries: () => Iterable<readonly [string, number]>,
  { minimumCount = 1, maximumWords = Infinity }: WordSelection,
): Map<string, number> {
  if (!(minimumCount >= 1)) throw new InputError('minimumCount', 'a number from 1', String(minimumCount));
  if (!(maximumWords >= 1)) throw new InputError('maximumWords', 'a number from 1', String(maximumWords));
  const { threshold, atThreshold } = findThreshold(entries, minimumCount, maximumWords);
  const kept = new Map<string, number>();
  let equals = atThreshold;
  for (const [word, count] of entries()) {
    if (count < threshold || (count === threshold && equals-- <= 0)) continue;
    kept.set(word, count);
  }
  return kept;
}

/** Smallest count that stays, and how many words of that count do. */
function findThreshold(
  entries: () => Iterable<readonly [string, number]>,
  minimumCount: number,
  maximumWords: number,
): { readonly threshold: number; readonly atThreshold: number } {
  if (maximumWords === Infinity) return { threshold: minimumCount, atThreshold: Infinity };
  const wordsByCount = new Map<number, number>();
  for (const [, count] of entries()) wordsByCount.set(count, (wordsByCount.get(count) ?? 0) + 1);
  let left = Math.floor(maximumWords);
  for (const [count, words] of [...wordsByCount].toSorted(([first], [second]) => second - first)) {
    if (count < minimumCount) break;
    if (words >= left) return { threshold: count, atThreshold: left };
    left -= words;
  }
  return { threshold: minimumCount, atThreshold: Infinity };
}
