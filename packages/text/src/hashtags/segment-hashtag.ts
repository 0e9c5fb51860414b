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
  for (const [name, value] of Object.entries({ count, maxWordLength })) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new InputError(name, 'an integer of at least 1', String(value));
  }
  if (!Number.isFinite(caseBonus)) throw new InputError('caseBonus', 'a finite number', String(caseBonus));
  const scoreOf = wordScores(counts);
  const beam = Math.max(2 * count, 16);
  let readings: PartialReading[] = [{ before: undefined, word: undefined, score: 0 }];
  for (const part of partsOf(tag)) {
    const characters = [...part];
    const best: PartialReading[][] = [readings];
    for (let end = 1; end <= characters.length; end += 1) {
      const found: PartialReading[] = [];
      for (let start = Math.max(0, end - maxWordLength); start < end; start += 1) {
        const word = characters.slice(start, end).join('');
        const bonus = start > 0 && changesKind(characters[start - 1]!, characters[start]!) ? caseBonus : 0;
        for (const before of best[start]!) {
          found.push({ before, word, score: before.score + bonus + scoreOf(word, before.word) });
        }
      }
      best.push(highest(found, beam));
    }
    readings = best.at(-1)!;
  }
  return highest(
    readings.map((reading) => {
      const words = wordsOf(reading);
      return { words, score: reading.score + feature(words) };
    }),
    count,
  );
}

/** A reading by its last word. */
interface PartialReading {
  readonly before: PartialReading | undefined;
  readonly word: string | undefined;
  readonly score: number;
}

function wordsOf(reading: PartialReading): string[] {
  const words: string[] = [];
  for (let at: PartialReading | undefined = reading; at; at = at.before) if (at.word !== undefined) words.push(at.word);
  return words.toReversed();
}

const highest = <Reading extends { readonly score: number }>(readings: readonly Reading[], count: number): Reading[] =>
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
