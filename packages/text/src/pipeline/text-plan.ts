import type { IdSink } from '../bpe/id-sink';

/** Tokenizes text at once, without words and alignment; it gives the ids that the parts of a file give one after the other. */
export interface TextPlan {
  append(text: string, sink: IdSink, wordEnds?: IdSink): void;
  /** Stops above `most`. */
  count(text: string, most: number): number;
  /** True: of raw text, which it normalizes itself. */
  readonly isRaw: boolean;
  /** True where ordinary text may be cut at safe places before it is normalized. */
  readonly cuts: boolean;
  /**
   * Bytes of the text that a token stands for, where tokens follow each other without gaps; absent where offsets cannot
   * be told like this.
   */
  readonly byteLength?: (id: number) => number;
}
