import { isBetter, nextEnd, textBetween } from './compare-segmentations';
import { createLexicon, type Lexicon } from './lexicon';

export interface LibSegmentOptions {
  /** Cuts chunks into halves, and these again, where all parts rank better than the whole. Default false. */
  readonly deeper?: boolean;
  /**
   * True does as the official code: a chunk is only taken where a shorter one begins there too, and otherwise a single
   * character. Default false: the chunk is taken.
   */
  readonly officialSingles?: boolean;
}

/**
 * Cuts a text into chunks of a lexicon. At every place the longest chunk and the second longest one are tried, both
 * followed by longest ones until they end at the same place, and the better way is taken (`apply` of the official LiB
 * code). Characters without a chunk stand alone.
 *
 * @returns Chunks that join to the text.
 */
export function segmentByLexicon(lexicon: Lexicon, text: string, options: LibSegmentOptions = {}): string[] {
  const { deeper = false, officialSingles = false } = options;
  const characters = [...text];
  const chunks: string[] = [];
  for (let start = 0; start < characters.length;) {
    const ends = lexicon.matches(characters, start);
    const [shorter, longest = start + 1] = ends.slice(-2).length === 2 ? ends.slice(-2) : [undefined, ends[0]];
    if (shorter === undefined) {
      const end = officialSingles ? start + 1 : longest;
      chunks.push(textBetween(characters, start, end));
      start = end;
      continue;
    }
    const [standard, alternative, end] = bothWays(lexicon, characters, start, longest, shorter);
    chunks.push(...(isBetter(lexicon, standard, alternative) ? alternative : standard));
    start = end;
  }
  return deeper ? chunks.flatMap((chunk) => splitChunk(lexicon, chunk)) : chunks;
}

function bothWays(
  lexicon: Lexicon,
  characters: readonly string[],
  start: number,
  longest: number,
  shorter: number,
): readonly [standard: string[], alternative: string[], end: number] {
  const standard = [textBetween(characters, start, longest)];
  const alternative = [textBetween(characters, start, shorter)];
  let [standardEnd, alternativeEnd] = [longest, shorter];
  while (standardEnd !== alternativeEnd) {
    if (standardEnd > alternativeEnd) {
      const end = nextEnd(lexicon, characters, alternativeEnd);
      alternative.push(textBetween(characters, alternativeEnd, end));
      alternativeEnd = end;
    } else {
      const end = nextEnd(lexicon, characters, standardEnd);
      standard.push(textBetween(characters, standardEnd, end));
      standardEnd = end;
    }
  }
  return [standard, alternative, standardEnd];
}

/**
 * The halves of a chunk, of those whose first part is a chunk of the lexicon the pair with the best ranks, where both rank
 * better than the whole.
 *
 * @param levels - How often halves are cut. Default 2.
 */
export function splitChunk(lexicon: Lexicon, chunk: string, levels = 2): string[] {
  const characters = [...chunk];
  const halves: { readonly ranks: readonly [number, number]; readonly parts: readonly [string, string] }[] = [];
  for (let length = characters.length; length > 1;) {
    length = lexicon.longest(characters.slice(0, length - 1), 0);
    const [left, right] = [textBetween(characters, 0, length), textBetween(characters, length, characters.length)];
    if (length > 0 && lexicon.has(right)) {
      halves.push({ ranks: [lexicon.rank(left), lexicon.rank(right)], parts: [left, right] });
    }
  }
  const [best] = halves.toSorted((a, b) => a.ranks[0] - b.ranks[0] || a.ranks[1] - b.ranks[1]);
  const own = lexicon.has(chunk) ? lexicon.rank(chunk) : lexicon.size;
  if (!best || Math.max(...best.ranks) >= own) return [chunk];
  if (levels <= 1) return [...best.parts];
  return best.parts.flatMap((part) => splitChunk(lexicon, part, levels - 1));
}

/** A lexicon as a vocabulary: ids are ranks. */
export interface LibVocabulary {
  /** By id. */
  readonly chunks: readonly string[];
  /** Ids of a text; -1 for characters that have none. */
  encode(text: string): Int32Array;
  /** Text of ids; those without a chunk are U+FFFD. */
  decode(ids: ArrayLike<number>): string;
}

export function createLibVocabulary(chunks: readonly string[], options: LibSegmentOptions = {}): LibVocabulary {
  const lexicon = createLexicon(chunks);
  const listed = lexicon.chunks();
  return {
    chunks: listed,
    encode: (text) => Int32Array.from(segmentByLexicon(lexicon, text, options), (chunk) => lexicon.rank(chunk)),
    decode: (ids) => Array.from(ids, (id) => listed[id] ?? '\ufffd').join(''),
  };
}
