import { InputError } from '@tesserae/core/data';
import { compareCodePoints } from './code-point-order';

/** Distinct words and how often each comes: positive integers. */
export type WordCounts = ReadonlyMap<string, number>;

/** Which of the distinct words a trainer gets. */
export interface WordSelection {
  /** Words that come less often are left out. Default 1. */
  readonly minimumCount?: number;
  /** Only so many words, the most frequent ones; of equals the first by code points. Default 12 million. */
  readonly maximumWords?: number;
  /**
   * Bytes that the words may take in a trainer, 120 and 20 more a UTF-16 unit each; the most frequent words that fit.
   * Default: no limit.
   */
  readonly memory?: number;
}

/** A `Map` holds 16.7 million entries at most. */
export const mostWords = 12_000_000;

/** Bytes that a word takes while it is trained on: itself, its tokens and its places in the lists of pairs. */
export const trainingSize = (word: string): number => 120 + 20 * word.length;

/** @throws {InputError} The count is no positive integer. */
export function checkCount(word: string, count: number): void {
  if (Number.isSafeInteger(count) && count > 0) return;
  const shown = word.length > 40 ? `${word.slice(0, 40)}…` : word;
  throw new InputError(`count of ${JSON.stringify(shown)}`, 'a positive integer', String(count));
}

/** Words in code point order, which is the order in which trainers walk them. */
export function sortedWords(words: WordCounts): [string, number][] {
  return [...eachSortedWord(words)];
}

/** The same one by one, which takes less memory. */
export function* eachSortedWord(words: WordCounts): Generator<[string, number]> {
  for (const word of [...words.keys()].sort(compareCodePoints)) yield [word, words.get(word)!];
}

/**
 * Leaves out rare words.
 *
 * @param entries - Gives the distinct words in code point order, each time it is called.
 * @throws {InputError} A limit below 1.
 */
export function selectWords(
  entries: () => Iterable<readonly [string, number]>,
  { minimumCount = 1, maximumWords = mostWords, memory = Infinity }: WordSelection,
): Map<string, number> {
  for (const [name, value] of Object.entries({ minimumCount, maximumWords, memory })) {
    if (!(value >= 1)) throw new InputError(name, 'a number from 1', String(value));
  }
  const limits = { words: Math.min(Math.floor(maximumWords), mostWords), bytes: memory };
  const threshold = findThreshold(entries, minimumCount, limits);
  const kept = new Map<string, number>();
  let { words, bytes } = threshold;
  for (const [word, count] of entries()) {
    if (count < threshold.count) continue;
    if (count === threshold.count) {
      words -= 1;
      bytes -= trainingSize(word);
      if (words < 0 || bytes < 0) continue;
    }
    kept.set(word, count);
  }
  return kept;
}

interface Limits {
  readonly words: number;
  readonly bytes: number;
}

/** Smallest count that stays, and what room is left for the words of that count. */
function findThreshold(
  entries: () => Iterable<readonly [string, number]>,
  minimumCount: number,
  limits: Limits,
): Limits & { readonly count: number } {
  const sizes = new Map<number, { words: number; bytes: number }>();
  for (const [word, count] of entries()) {
    const known = sizes.get(count);
    if (known) {
      known.words += 1;
      known.bytes += trainingSize(word);
    } else {
      sizes.set(count, { words: 1, bytes: trainingSize(word) });
    }
  }
  let { words, bytes } = limits;
  for (const [count, size] of [...sizes].toSorted(([first], [second]) => second - first)) {
    if (count < minimumCount) break;
    if (size.words > words || size.bytes > bytes) return { count, words, bytes };
    words -= size.words;
    bytes -= size.bytes;
  }
  return { count: minimumCount, words: Infinity, bytes: Infinity };
}
