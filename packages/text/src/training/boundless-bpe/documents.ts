import { createPreTokenFinder } from '../../boundless-bpe/pre-tokens';
import { wellFormed } from '../../pipeline/pipeline';
import { type BoundlessBpeTrainingOptions, pretokenPattern } from './settings';

/** Texts as sequences of pre-tokens: BoundlessBPE needs to know which follow each other. */
export interface Documents {
  /** Adds a text; supermerges never reach over its ends. */
  add(text: string): void;
  /** Distinct pre-tokens in the order in which they came up, and how often each comes. */
  readonly pretokens: readonly string[];
  readonly counts: readonly number[];
  /** Numbers of pre-tokens, a -1 behind each text. Empty where supermerges are off. */
  sequence(): Int32Array;
}

/**
 * Keeps 4 bytes a pre-token of the corpus in memory, and the distinct ones.
 *
 * @throws {UnsupportedError} A pattern that has no counterpart.
 */
export function createDocuments({
  pattern = pretokenPattern,
  supermerges = true,
}: Pick<BoundlessBpeTrainingOptions, 'pattern' | 'supermerges'> = {}): Documents {
  const find = createPreTokenFinder(pattern);
  const numbers = new Map<string, number>();
  const pretokens: string[] = [];
  const counts: number[] = [];
  let order = new Int32Array(1024);
  let length = 0;
  const push = (number: number) => {
    if (!supermerges) return;
    if (length === order.length) {
      const larger = new Int32Array(length * 2);
      larger.set(order);
      order = larger;
    }
    order[length++] = number;
  };
  return {
    pretokens,
    counts,
    add(text) {
      const valid = wellFormed(text);
      find(valid, (start, end) => {
        const pretoken = valid.slice(start, end);
        let number = numbers.get(pretoken);
        if (number === undefined) {
          number = pretokens.length;
          // Not a slice, which would keep the whole text in memory.
          const own = ` ${pretoken}`.slice(1);
          pretokens.push(own);
          numbers.set(own, number);
          counts.push(0);
        }
        counts[number] = counts[number]! + 1;
        push(number);
      });
      push(-1);
    },
    sequence: () => order.slice(0, length),
  };
}
