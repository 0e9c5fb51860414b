import type { RandomSource, Tokens } from '@tesserae/core/data';
import type { SpecialMode } from '../bpe/special-tokens';

/** What a tokenizer's algorithm is. */
export type TextTokenizerKind = 'bpe' | 'unigram' | 'wordpiece' | 'word-level' | 'char';

/**
 * What offsets count: UTF-16 units (`utf16`, what JavaScript strings are indexed by), code points (what Python counts)
 * or bytes of UTF-8 (what Rust counts).
 */
export type OffsetUnit = 'utf16' | 'codepoint' | 'byte';

/** The tokens of one text, or of a pair of texts. */
export interface TextEncoding {
  readonly ids: Int32Array;
  /**
   * `[start, end]` of every token in its text, end to end. A token that holds only some bytes of a character has the
   * range of the whole character; tokens that stand for no text have `[0, 0]`.
   */
  readonly offsets?: Int32Array;
  /** 0 for the first text, 1 for the second, or what the template says. Left out where nothing but ids was asked for. */
  readonly typeIds?: Int32Array;
  /** 0 for padding. */
  readonly attentionMask?: Int32Array;
  /** 1 for tokens that a template or padding added. */
  readonly specialTokensMask?: Int32Array;
  /** Which word (piece of the pre-tokenizer) each token is of; -1 for none. Present where offsets are. */
  readonly wordIds?: Int32Array;
  /** 0 or 1, which text each token is of; -1 for added tokens. */
  readonly sequenceIds?: Int32Array;
  /**
   * Each token as the vocabulary writes it, but unknown text of Unigram models and the white space that an added token
   * took as they are. Present where offsets are.
   */
  readonly tokens?: readonly string[];
  /** What truncation cut off, in windows that overlap by `stride`. */
  readonly overflowing?: readonly TextEncoding[];
}

/** How a text is cut to a number of tokens. */
export interface TruncationOptions {
  /** Tokens, the added special tokens included. */
  readonly maxLength: number;
  /** Tokens that neighbouring windows share. Default 0. */
  readonly stride?: number;
  /** Which text of a pair is cut. Default `longest-first`. */
  readonly strategy?: 'longest-first' | 'only-first' | 'only-second';
  /** Which end is cut off. Default `right`. */
  readonly direction?: 'left' | 'right';
}

/** How encodings are filled up. */
export interface PaddingOptions {
  /** Tokens, or `longest` of the batch. */
  readonly length: number | 'longest';
  /** The length is rounded up to a multiple of this. Default 1. */
  readonly multipleOf?: number;
  /** Where padding goes. Default `right`. */
  readonly direction?: 'left' | 'right';
  /** Default: what the tokenizer's file says, else 0. */
  readonly id?: number;
  /** Default: what the tokenizer's file says, else 0. */
  readonly typeId?: number;
}

export interface TextEncodeOptions {
  /**
   * What text that looks like a special token is. Default `error` for tiktoken files, `allow` for tokenizer.json,
   * `ordinary` for SentencePiece.
   */
  readonly specials?: SpecialMode;
  /** Adds what the tokenizer's template says. Default true for tokenizer.json, false for the others. */
  readonly addSpecialTokens?: boolean;
  /** A second text. */
  readonly pair?: string;
  /** Gives offsets and word ids. Default: none. */
  readonly offsets?: OffsetUnit;
  /** Probability of leaving out a merge of BPE, 0..1; needs `random`. Default 0. */
  readonly dropout?: number;
  /** Sampling of Unigram and BPE models that have it. Default: the best segmentation. */
  readonly sampling?: SamplingOptions;
  /** Where `dropout` and `sampling` take their numbers from. */
  readonly random?: RandomSource;
  readonly truncation?: TruncationOptions;
  readonly padding?: PaddingOptions;
}

/** Segmentations drawn by probability. */
export interface SamplingOptions {
  /** Draw among so many best segmentations; -1 (default): among all. */
  readonly nbestSize?: number;
  /** Inverse temperature of Unigram scores, or the dropout probability of BPE. */
  readonly alpha: number;
}

export interface TextDecodeOptions {
  /** Leaves out special tokens. Default false. */
  readonly skipSpecials?: boolean;
  /** What happens to bytes that are no UTF-8: U+FFFD, or an error. Default `replace`. */
  readonly errors?: 'replace' | 'strict';
  /** What happens to ids without a token. Default `error`. */
  readonly unknownIds?: 'error' | 'skip';
}

/** A text, or a pair of texts that are encoded together. */
export type TextInput = string | readonly [first: string, second: string];

/** How a text is encoded step by step. Nothing is truncated, padded, dropped or drawn. */
export interface AsyncEncodeOptions extends Pick<TextEncodeOptions, 'specials' | 'addSpecialTokens' | 'offsets'> {
  /** Stops at the next pause. */
  readonly signal?: AbortSignal;
  /** Called after each stretch with UTF-16 units. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
  /** UTF-16 units between two pauses, if the text can be cut there. Default 16,384, with offsets 4,096. */
  readonly stretch?: number;
  /** What is waited for after each stretch. Default: the next turn of the event loop. */
  readonly pause?: () => Promise<void>;
}

/** How a text that is cut is to be encoded. */
export type StretchOptions = Pick<TextEncodeOptions, 'specials'>;

/**
 * A file format: `tokenizer.json`, a rank file of tiktoken, a SentencePiece `.model`, the model file of BoundlessBPE, or
 * the compact `binary` form of this package, which `fromBinary` reads fastest.
 */
export type TextSaveFormat = 'tokenizer.json' | 'tiktoken' | 'sentencepiece' | 'boundless-bpe' | 'binary';

export interface TextTokenizerInfo {
  /** `text/tiktoken`, `text/tokenizer-json`, `text/sentencepiece`. */
  readonly id: string;
  /** Which vocabulary: `cl100k_base`, or what the caller named it. */
  readonly variant: string;
  /** One more than the largest id. */
  readonly vocabularySize: number;
  readonly kind: TextTokenizerKind;
}

/** Counts the tokens of a text that grows at both ends. */
export interface IncrementalCounter {
  append(text: string): void;
  prepend(text: string): void;
  /** Tokens of the whole text, as `count` gives them. */
  count(): number;
}

/** Counts the tokens of a text that is edited anywhere. */
export interface EditCounter {
  /** UTF-16 units of the text as it is now. */
  readonly length: number;
  /**
   * Puts text in the place of `start..end`. Costs what lies between the next places to cut on both sides.
   *
   * @param start - UTF-16 units, 0..end.
   * @param end - Up to the length of the text.
   * @throws {InputError} They are something else.
   */
  replace(start: number, end: number, inserted: string): void;
  /** Tokens of the whole text, as `count` gives them; only what was edited is counted again. */
  count(): number;
}

/** Counts the tokens of parts of a text. */
export interface RangeCounter {
  /**
   * Tokens of `text.slice(start, end)`, as `count` gives them.
   *
   * @param start - UTF-16 units, 0..end. Default 0.
   * @param end - Up to the length of the text, which is the default.
   * @throws {InputError} They are something else.
   */
  count(start?: number, end?: number): number;
}

/** A text tokenizer. Synchronous; not to be shared between threads, which load their own. */
export interface TextTokenizer {
  readonly info: TextTokenizerInfo;
  /**
   * @throws {InputError} A special token that is not allowed, or options that do not fit together.
   */
  encode(text: string, options?: TextEncodeOptions): TextEncoding;
  /** The same, one encoding a text or pair; `padding` to the `longest` sees all of them. */
  encodeBatch(texts: readonly TextInput[], options?: TextEncodeOptions): TextEncoding[];
  /**
   * What `encode` gives, without keeping the event loop for long: after some milliseconds of work it goes on, whatever the
   * text and the tokenizer. Only BoundlessBPE encodes a text that cannot be cut at once.
   *
   * @throws {InputError} As `encode`, through the promise. An abort rejects with the reason of the signal.
   */
  encodeAsync(text: string, options?: AsyncEncodeOptions): Promise<TextEncoding>;
  /**
   * Ends of stretches whose ids, one after the other, are the ids of the whole text: for tasks of one's own that go through
   * a text in parts. One end where the text cannot be cut.
   *
   * @param size - UTF-16 units of a stretch, at most if there is a place to cut.
   */
  stretches(text: string, size: number, options?: StretchOptions): Int32Array;
  /**
   * Writes ids of ordinary text (special tokens are text, nothing is added) without allocating.
   *
   * @returns How many.
   * @throws {InputError} They do not fit behind `at`.
   */
  encodeInto(text: string, target: Int32Array, at: number): number;
  /**
   * Number of tokens of ordinary text. Never throws on content.
   *
   * @param limit - Counting stops as soon as there are more; the result is then larger than `limit`, but not exact.
   * @throws {InputError} `text` is no string, `limit` is negative or NaN.
   */
  count(text: string, limit?: number): number;
  /**
   * @throws {InputError} An id without a token; bytes that are no UTF-8 with `errors: 'strict'`.
   */
  decode(ids: ArrayLike<number>, options?: TextDecodeOptions): string;
  /** @throws {InputError} An id without a token. */
  decodeBytes(ids: ArrayLike<number>): Uint8Array;
  /** Text of each token by itself, so that the texts join to `decode(ids)`: a character in several tokens is in the last. */
  pieces(ids: ArrayLike<number>): string[];
  /** The token as the vocabulary writes it, special tokens included; undefined where the id has none. */
  idToToken(id: number): string | undefined;
  tokenToId(token: string): number | undefined;
  /**
   * True where the ids are what their own text encodes to, with special tokens as text or as tokens.
   *
   * @throws {InputError} An id without a token.
   */
  isCanonical(ids: ArrayLike<number>): boolean;
  /** Text of ids as they come; it is only ever added to, and never ends inside a character. */
  decodeStream(options?: TextDecodeOptions): TransformStream<number | ArrayLike<number>, string>;
  /** Ids of ordinary text as it comes, in pieces that nothing later can change. */
  encodeStream(): TransformStream<string, Int32Array>;
  incremental(): IncrementalCounter;
  /**
   * Counts a text that is edited anywhere.
   *
   * @param text - As it is at first. Default: empty.
   */
  editCounter(text?: string): EditCounter;
  /** Counts any part of a text: the text is counted once, a part then takes microseconds. */
  rangeCounter(text: string): RangeCounter;
  /** As tokens for `.tok` files and joint vocabularies. */
  tokens(encoding: TextEncoding): Tokens;
  /**
   * The tokenizer as a file.
   *
   * @throws {UnsupportedError} The format cannot hold this tokenizer.
   */
  save(format: TextSaveFormat): Uint8Array;
}
