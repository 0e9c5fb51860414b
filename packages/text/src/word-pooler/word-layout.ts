import { InputError } from '@tesserae/core/data';

export interface WordLayoutOptions {
  /** Slots before the bytes of every word: the CLS tokens of Learn Your Tokens, the [W] of HAT. Default 0. */
  readonly prefixes?: number;
  /** Id of the first of them; the others follow. Default 256. */
  readonly prefixId?: number;
  /** Added to every byte. Default 0. */
  readonly byteOffset?: number;
  /** Id of what fills rows up. Default 0. */
  readonly paddingId?: number;
}

/** Sequences of words as rows of bytes, for models that pool words. */
export interface WordLayout {
  readonly rows: number;
  readonly columns: number;
  /** Words of the row that has most. */
  readonly words: number;
  /** `[rows, columns]`. */
  readonly ids: Int32Array;
  /** `[rows, columns]`, float32 numbers of words from 0; -1 for padding. */
  readonly wordOf: Float32Array;
  /** `[rows, columns]`: place within the word, prefixes counted; 0 for padding. */
  readonly placeInWord: Int32Array;
  /** `[rows, words · prefixes]`: columns of the prefixes, in order; 0 where a row has fewer words. */
  readonly prefixColumns: Int32Array;
}

/**
 * Lays out the bytes of words side by side, each behind its prefixes.
 *
 * @param sequences - Bytes of the words of every row, of any splitter.
 * @throws {InputError} A negative number of prefixes.
 */
export function layoutWords(
  sequences: readonly (readonly Uint8Array[])[],
  options: WordLayoutOptions = {},
): WordLayout {
  const { prefixes = 0, prefixId = 256, byteOffset = 0, paddingId = 0 } = options;
  if (!Number.isSafeInteger(prefixes) || prefixes < 0) {
    throw new InputError('prefixes', 'an integer of at least 0', String(prefixes));
  }
  const lengths = sequences.map((words) => words.reduce((sum, word) => sum + word.length + prefixes, 0));
  const rows = sequences.length;
  const columns = lengths.reduce((most, length) => Math.max(most, length), 0);
  const words = sequences.reduce((most, row) => Math.max(most, row.length), 0);
  const ids = new Int32Array(rows * columns).fill(paddingId);
  const wordOf = new Float32Array(rows * columns).fill(-1);
  const placeInWord = new Int32Array(rows * columns);
  const prefixColumns = new Int32Array(rows * words * prefixes);
  for (const [row, sequence] of sequences.entries()) {
    let column = 0;
    for (const [number, word] of sequence.entries()) {
      for (let place = 0; place < prefixes + word.length; place += 1) {
        const isPrefix = place < prefixes;
        const at = row * columns + column;
        ids[at] = isPrefix ? prefixId + place : word[place - prefixes]! + byteOffset;
        wordOf[at] = number;
        placeInWord[at] = place;
        if (isPrefix) prefixColumns[(row * words + number) * prefixes + place] = column;
        column += 1;
      }
    }
  }
  return { rows, columns, words, ids, wordOf, placeInWord, prefixColumns };
}
