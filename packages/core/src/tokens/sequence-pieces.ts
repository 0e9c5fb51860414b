import type { TokensInit } from './token-types';

/** A piece of a sequence. */
export type SequencePiece<Special extends string, Name extends string> =
  | { readonly special: Special }
  | { readonly part: Name; readonly tokens: TokensInit }
  /** Ids of a part that is only a number of them, or already flattened ids of one that has one level. */
  | { readonly part: Name; readonly ids: Int32Array };

/** What a piece of a sequence will be, to read it back. */
export type SequencePlan<Special extends string, Name extends string> =
  | { readonly special: Special }
  /** Tokens of the same shapes; their ids are not read. */
  | { readonly part: Name; readonly like: TokensInit }
  | { readonly part: Name; readonly length: number };

/** What an id of the joint vocabulary stands for. */
export type IdMeaning<Special extends string, Name extends string> =
  | { readonly special: Special }
  /** Level 0 where levels share ids. */
  | { readonly part: Name; readonly level: number; readonly id: number };

/** Ids `from..to` (exclusive) of a sequence. */
export interface SequenceRun<Special extends string, Name extends string> {
  readonly kind: { readonly special: Special } | { readonly part: Name };
  readonly from: number;
  readonly to: number;
}
