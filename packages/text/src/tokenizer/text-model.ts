import type { RandomSource } from '@tesserae/core/data';
import type { PackedText } from '../binary/container';
import type { IdSink } from '../bpe/id-sink';
import type { SpecialMode } from '../bpe/special-tokens';
import type { PaddingPlan } from './padding';
import type { Parts } from './steps';
import type { TextCuts } from './text-cuts';
import type {
  SamplingOptions,
  TextDecodeOptions,
  TextSaveFormat,
  TextTokenizerInfo,
  TruncationOptions,
} from './text-tokenizer';
import type { TokenSequence } from './token-sequence';

/** How one text is to be encoded, before templates, truncation and padding. */
export interface SequenceOptions {
  readonly specials: SpecialMode;
  /** Offsets (UTF-16) and word ids are wanted. */
  readonly offsets: boolean;
  readonly dropout?: number;
  readonly sampling?: SamplingOptions;
  readonly random?: RandomSource;
  /** More tokens are not needed: words that begin behind them (`left`: before them) may be left out. */
  readonly enough?: { readonly tokens: number; readonly direction: 'left' | 'right' };
}

/** Text of ids that come one after the other. */
export interface StreamDecoder {
  push(id: number): string;
  /** What is left at the end. */
  end(): string;
}

/** What a family of tokenizers has to give; `createTextTokenizer` makes the rest. */
export interface TextModel {
  readonly info: TextTokenizerInfo;
  readonly defaults: {
    readonly specials: SpecialMode;
    readonly addSpecialTokens: boolean;
    readonly padding: Pick<PaddingPlan, 'id' | 'typeId' | 'direction' | 'multipleOf'>;
    /** From the tokenizer's file; used where the caller says nothing. */
    readonly truncation?: TruncationOptions;
    readonly paddingLength?: number | 'longest';
  };
  sequence(text: string, options: SequenceOptions): TokenSequence;
  /** What `sequence` gives, some tokens at a time, for texts of any length; `undefined` where work may pause. */
  sequenceParts?(text: string, options: Pick<SequenceOptions, 'specials' | 'offsets'>): Parts<TokenSequence>;
  /** One or two sequences, truncated, with special tokens around them. Offsets are UTF-16. */
  postProcess(sequences: readonly TokenSequence[], addSpecialTokens: boolean): readonly TokenSequence[];
  /** Special tokens that `postProcess` adds. */
  addedCount(isPair: boolean): number;
  appendOrdinary(text: string, start: number, end: number, sink: IdSink): void;
  countOrdinary(text: string, start: number, end: number, most: number): number;
  /** Where ordinary text may be cut into stretches that are encoded one by one. */
  readonly cuts: TextCuts;
  /** The same for text whose special tokens count. Default `none`. */
  readonly specialCuts?: TextCuts;
  decode(ids: ArrayLike<number>, options: TextDecodeOptions): string;
  decodeBytes(ids: ArrayLike<number>): Uint8Array;
  streamDecoder(options: TextDecodeOptions): StreamDecoder;
  idToToken(id: number): string | undefined;
  tokenToId(token: string): number | undefined;
  /** Text that identifies the vocabulary and all rules, for the fingerprint: each part once. */
  fingerprintParts(): Iterable<Uint8Array | string>;
  /** Known from the file, if it was written by this package. */
  readonly fingerprint?: string;
  save(format: Exclude<TextSaveFormat, 'binary'>): Uint8Array;
  /** The parts of the compact form, if the family has one. */
  pack?(): PackedText;
}
