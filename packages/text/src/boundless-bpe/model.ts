/** A merge and its place in the order of all events. */
export interface TimedMerge {
  readonly time: number;
  readonly left: string;
  readonly right: string;
}

/** A token that is split again. */
export interface TimedDeletion {
  readonly time: number;
  readonly token: string;
}

/** A BoundlessBPE or PickyBPE model. Tokens are bytes, written as GPT-2 does (a space is `Ġ`). */
export interface BoundlessBpeModel {
  readonly kind: 'boundless-bpe';
  /** What cuts a text into pre-tokens: their union is encoded, what lies between is dropped. */
  readonly pattern: string;
  /** Tokens in the order of their ids. */
  readonly tokens: readonly string[];
  /** Ids by text. */
  readonly specialTokens: ReadonlyMap<string, number>;
  /** Within pre-tokens. */
  readonly merges: readonly TimedMerge[];
  readonly deletions: readonly TimedDeletion[];
  /** Of two neighboring pre-tokens that are one token each. */
  readonly supermerges: readonly TimedMerge[];
}

/** What a deleted token becomes: the pair that it was first merged from, or its bytes. */
export type DeletionSplit = 'pair' | 'bytes';
