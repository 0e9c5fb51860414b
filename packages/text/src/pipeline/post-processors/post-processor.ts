import type { TokenSequence } from '../../tokenizer/token-sequence';

/** Puts special tokens around one or two sequences. */
export interface PostProcessor {
  /** The sequences with types and special tokens, still apart: they are joined in this order. */
  process(sequences: readonly TokenSequence[], addSpecialTokens: boolean): readonly TokenSequence[];
  /** Special tokens that are added. */
  addedCount(isPair: boolean): number;
}
