/** Bytes that are put over earlier ones once the whole length is known. */
export interface HeaderPatch {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** A file as it is encoded; where the target cannot go back, the header stays as it was written: of unknown length. */
export type EncodedChunks = AsyncGenerator<Uint8Array, readonly HeaderPatch[], undefined>;
