import { InputError } from '@tesserae/core/data';
import { isPythonSpace } from '../unicode/python-space';

/** How often words occur, lower case. */
export interface WordCounts {
  readonly words: ReadonlyMap<string, number>;
  /** Of two words with a space between. Default: none are known. */
  readonly pairs?: ReadonlyMap<string, number>;
}

/** One way to read a hashtag. */
export interface HashtagReading {
  readonly words: readonly string[];
  /** Natural logarithm of its probability, and what features add. */
  readonly score: number;
}

export interface HashtagOptions {
  /** Readings at most, the best first. Default 1. */
  readonly count?: number;
  /** Code points of a word at most. Default 24. */
  readonly maxWordLength?: number;
  /** Added for each cut where a capital follows a small letter or a digit meets a letter. Default 3. */
  readonly caseBonus?: number;
  /** Added to the score of a whole reading: context, entities. Ranks what the language model found. Default: nothing. */
  readonly feature?: (words: readonly string[]) => number;
}

/**
 * Segments a hashtag into words (after Norvig, and the ranking of candidates of arXiv 1501.03210): the split that a
 * language model of single words, or of pairs where they are known, finds likeliest. Unknown words have the probability
 * `10 / (N · 10^length)`.
 *
 * @param tag - With or without `#`. `_` and white space always cut.
 * @returns The best readings; one without words for an empty tag.
 * @throws {InputError} Counts that are none, or no reading asked for.
 */
export function segmentHashtag(tag: string, counts: WordCounts, options: HashtagOptions = {}): HashtagReading[] {
  const { count = 1, maxWordLength = 24, caseBonus = 3, feature = () => 0 } = options;
  if (!Number.isSafeInteger(count) || count < 1)
    throw new InputError('count', 'an integer of at least 1', String(count));
  const scoreOf = wordScores(counts);
  const beam = Math.max(2 * count, 16);
  let readings: HashtagReading[] = [{ words: [], score: 0 }];
  for (const part of partsOf(tag)) {
    const characters = [...part];
    const best: HashtagReading[][] = [readings];
    for (let end = 1; end <= characters.length; end += 1) {
      const found: HashtagReading[] = [];
      for (let start = Math.max(0, end - maxWordLength); start < end; start += 1) {
        const word = characters.slice(start, end).join('');
        const bonus = start > 0 && changesKind(characters[start - 1]!, characters[start]!) ? caseBonus : 0;
        for (const { words, score } of best[start]!) {
          found.push({ words: [...words, word], score: score + bonus + scoreOf(word, words.at(-1)) });
        }
      }
      best.push(highest(found, beam));
    }
    readings = best.at(-1)!;
  }
  return highest(
    readings.map(({ words, score }) => ({ words, score: score + feature(words) })),
    count,
  );
}

const highest = (readings: readonly HashtagReading[], count: number) =>
  readings.toSorted((a, b) => b.score - a.score).slice(0, count);

function partsOf(tag: string): string[] {
  const characters = Array.from(tag.startsWith('#') ? tag.slice(1) : tag, (character) =>
    character === '_' || isPythonSpace(character.codePointAt(0)!) ? ' ' : character,
  );
  return characters.join('').split(' ').filter(Boolean);
}

/** `fooBar`, `foo1`, `1foo`. */
function changesKind(before: string, after: string): boolean {
  if (/\p{Ll}/u.test(before) && /\p{Lu}/u.test(after)) return true;
  return /\p{Nd}/u.test(before) !== /\p{Nd}/u.test(after);
}

/** Logarithm of the probability of a word behind another. */
function wordScores({ words, pairs }: WordCounts): (word: string, before: string | undefined) => number {
  let total = 0;
  for (const [word, count] of words) {
    if (!(count >= 0)) throw new InputError('counts', 'numbers of at least 0', `${count} of ${JSON.stringify(word)}`);
    total += count;
  }
  if (!(total > 0)) throw new InputError('counts', 'at least one word', 'none');
  return (word, before) => {
    const lower = word.toLowerCase();
    const known = words.get(lower) ?? 0;
    if (before !== undefined && pairs) {
      const first = words.get(before.toLowerCase()) ?? 0;
      const together = pairs.get(`${before.toLowerCase()} ${lower}`) ?? 0;
      if (together > 0 && first > 0) return Math.log(together / first);
    }
    return known > 0 ? Math.log(known / total) : Math.log(10 / total) - [...lower].length * Math.LN10;
  };
}
