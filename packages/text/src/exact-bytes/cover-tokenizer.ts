import type { PrefixIndex } from '../gfd/prefix-index';

/** Says of every token whether it may come next. */
export type TokenTest = (id: number) => boolean;

/** A tokenizer as byte-level probabilities need it: what its tokens stand for, and which of them may follow each other. */
export interface CoverTokenizer {
  /** Bytes of every token by id, none for special tokens, sorted by what they begin with. */
  readonly index: PrefixIndex;
  /** Tokens that stand for no text: symbol 256 is the first of them, symbol 257 the second, and so on. */
  readonly specials: readonly number[];
  /** Token of each byte by itself, 256 of them; -1 where there is none. */
  readonly byteIds: ArrayLike<number>;
  /** What stands in front of every text, often the begin token. */
  readonly begin: readonly number[];
  /** Bytes that the model sees of a text. */
  bytesOf(text: string): Uint8Array;
  /**
   * Tokens of the beginning of a text, up to a place where the tokenizer starts anew whatever comes then; none where
   * there is no such place.
   */
  divide(text: string): number[];
  /**
   * Which tokens may come after others, so that the tokenizer could give all of them for some text.
   *
   * @param ids - Tokens of the text from its beginning, without `begin`, that may follow each other themselves.
   */
  follow(ids: readonly number[]): TokenTest;
}

/** A language model over tokens. */
export interface TokenLanguageModel {
  /**
   * Natural logarithms of the probabilities of all tokens after `ids`, one a token of the vocabulary. Successive calls
   * mostly share the beginning of `ids`, so it pays to keep the state of the last few.
   */
  logProbabilities(ids: readonly number[]): ArrayLike<number> | Promise<ArrayLike<number>>;
}

/** Bytes of tokens, one after the other. */
export function joinTokens({ index }: Pick<CoverTokenizer, 'index'>, ids: readonly number[]): Uint8Array {
  const parts = ids.map((id) => index.tokens[id]!);
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
