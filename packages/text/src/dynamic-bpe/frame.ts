import { InputError } from '@tesserae/core/data';

export interface FrameOptions {
  /** Default `<s>`. */
  readonly begin?: string;
  /** Default `</s>`. */
  readonly end?: string;
  /** Tokens at most, special ones included. Default: no limit. */
  readonly maxLength?: number;
}

/** Pieces after a begin token, as the official code gives a prompt to a decoder: cut at the end, without an end token. */
export function framePrompt(pieces: readonly string[], options: FrameOptions = {}): string[] {
  const { begin = '<s>', maxLength = Infinity } = options;
  return [begin, ...pieces].slice(0, checkedLength(maxLength, 1));
}

/** Two texts for a classifier: `<s> first </s> </s> second </s>`. */
export function framePair(first: readonly string[], second: readonly string[], options: FrameOptions = {}): string[] {
  const { begin = '<s>', end = '</s>' } = options;
  return [begin, ...first, end, end, ...second, end];
}

/** Pieces of words, as sequence labeling needs them. */
export interface FramedWords {
  readonly pieces: readonly string[];
  /** Word of every piece; -1 for special tokens. */
  readonly wordIds: Int32Array;
}

/** `<s>`, the pieces of every word, `</s>`; cut before the end token where there are too many. */
export function frameWords(words: readonly (readonly string[])[], options: FrameOptions = {}): FramedWords {
  const { begin = '<s>', end = '</s>', maxLength = Infinity } = options;
  const last = checkedLength(maxLength, 2) - 1;
  const pieces = [begin, ...words.flat()].slice(0, last);
  const wordIds = [-1, ...words.flatMap((word, index) => word.map(() => index))].slice(0, last);
  return { pieces: [...pieces, end], wordIds: Int32Array.of(...wordIds, -1) };
}

function checkedLength(maxLength: number, least: number): number {
  if (!(maxLength >= least)) throw new InputError('maxLength', `a number of at least ${least}`, String(maxLength));
  return maxLength;
}

/** Word of every token after merging: that of its first piece. */
export function wordIdsOfTokens(wordIds: Int32Array, firstPieces: Int32Array): Int32Array {
  return firstPieces.map((first) => wordIds[first] ?? -1);
}
