import { sortedWords, type WordCounts } from '../word-counts';
import { type TokenNames, tokenId } from './token-names';

/** Words as token ids, one after the other. Merging shortens a word where it lies. */
export interface TrainingWords {
  readonly symbols: Int32Array;
  /** Characters that each symbol stands for; undefined where nobody needs them. */
  readonly widths: Int32Array | undefined;
  /** Where each word begins in `symbols`. */
  readonly starts: Int32Array;
  /** Symbols that each word has by now. */
  readonly lengths: Int32Array;
  /** How often each word comes, as a 32-bit integer. */
  readonly counts: Int32Array;
}

export interface SymbolMarks {
  /** Before every character of a word but the first: `##`. Default: nothing. */
  readonly continuingSubwordPrefix?: string;
  /** Behind the last character of a word: `</w>`. Default: nothing. */
  readonly endOfWordSuffix?: string;
}

/**
 * Words as ids of their characters. Characters that are no token are left out; marked ones become tokens as they come
 * up, so that the words are walked in the order of their code points then.
 */
export function spellWords(
  words: WordCounts,
  names: TokenNames,
  marks: SymbolMarks,
  withWidths: boolean,
): TrainingWords {
  const { continuingSubwordPrefix: prefix = '', endOfWordSuffix: suffix = '' } = marks;
  const entries = prefix === '' && suffix === '' ? words : sortedWords(words);
  const room = roomFor(words);
  const symbols = new Int32Array(room);
  const starts = new Int32Array(words.size);
  const lengths = new Int32Array(words.size);
  const counts = new Int32Array(words.size);
  let at = 0;
  let index = 0;
  for (const [word, count] of entries) {
    starts[index] = at;
    counts[index] = count;
    for (let start = 0; start < word.length;) {
      const end = start + (word.codePointAt(start)! > 0xffff ? 2 : 1);
      const character = word.slice(start, end);
      let id = names.ids.get(character);
      if (id !== undefined && (prefix !== '' || suffix !== '')) {
        id = tokenId(names, (start > 0 ? prefix : '') + character + (end === word.length ? suffix : ''));
      }
      if (id !== undefined) symbols[at++] = id;
      start = end;
    }
    lengths[index] = at - starts[index]!;
    index += 1;
  }
  return { symbols, widths: withWidths ? new Int32Array(room).fill(1) : undefined, starts, lengths, counts };
}

function roomFor(words: WordCounts): number {
  let room = 0;
  for (const word of words.keys()) room += word.length;
  return room;
}
