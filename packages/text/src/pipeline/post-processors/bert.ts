import { addedSequence, joinSequences, type TokenSequence } from '../../tokenizer/token-sequence';
import type { PostProcessor } from './post-processor';

/** `[CLS] A [SEP] B [SEP]`, the second text and its end of type 1. */
export function bertProcessing(separator: number, classification: number): PostProcessor {
  return around(2, 1, (sequence, isFirst) => {
    const end = addedSequence([separator], isFirst ? 0 : 1);
    return isFirst ? [addedSequence([classification], 0), sequence, end] : [sequence, end];
  });
}

/** `<s> A </s></s> B </s>`, all of type 0. */
export function robertaProcessing(separator: number, classification: number): PostProcessor {
  const inner = around(2, 2, (sequence, isFirst) => [
    addedSequence([isFirst ? classification : separator], 0),
    sequence,
    addedSequence([separator], 0),
  ]);
  return {
    addedCount: (isPair) => inner.addedCount(isPair),
    process: (sequences, addSpecialTokens) => inner.process(sequences.map(withoutType), addSpecialTokens),
  };
}

function around(
  addedToOne: number,
  addedToSecond: number,
  surround: (sequence: TokenSequence, isFirst: boolean) => readonly TokenSequence[],
): PostProcessor {
  return {
    addedCount: (isPair) => addedToOne + (isPair ? addedToSecond : 0),
    process(sequences, addSpecialTokens) {
      if (!addSpecialTokens) return sequences;
      return sequences.map((sequence, index) => {
        const whole = joinSequences(surround({ ...sequence, overflowing: [] }, index === 0));
        const overflowing = sequence.overflowing.map((part) => joinSequences(surround(part, index === 0)));
        return { ...whole, overflowing };
      });
    },
  };
}

const withoutType = (sequence: TokenSequence): TokenSequence => ({
  ...sequence,
  typeIds: new Int32Array(sequence.ids.length),
  overflowing: sequence.overflowing.map(withoutType),
});
