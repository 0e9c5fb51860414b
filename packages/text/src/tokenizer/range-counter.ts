import { checkInteger } from './check-arguments';
import { endOfStretch, firstCut, lastCut } from './text-cuts';
import type { TextModel } from './text-model';
import type { RangeCounter } from './text-tokenizer';

/** Units between two places up to which tokens are counted beforehand. */
const stretchUnits = 512;

/**
 * Counts the tokens of any part of a text. The whole is counted once, when the first part is asked for; then a part costs
 * what lies between its ends and the next cuts.
 */
export function createRangeCounter(model: TextModel, text: string): RangeCounter {
  const { cuts } = model;
  let marks: { readonly at: Int32Array; readonly counts: Int32Array } | undefined;
  const countOf = (start: number, end: number) => model.countOrdinary(text, start, end, Infinity);

  const markAll = () => {
    const at: number[] = [0];
    const counts: number[] = [0];
    for (let start = 0; start < text.length;) {
      const end = endOfStretch(text, start, stretchUnits, cuts);
      at.push(end);
      counts.push(counts.at(-1)! + countOf(start, end));
      start = end;
    }
    return { at: Int32Array.from(at), counts: Int32Array.from(counts) };
  };

  /** Tokens between two cuts. */
  const between = (from: number, to: number): number => {
    marks ??= markAll();
    const { at, counts } = marks;
    const first = firstAtLeast(at, from);
    const last = firstAtLeast(at, to + 1) - 1;
    if (first > last) return countOf(from, to);
    return countOf(from, at[first]!) + counts[last]! - counts[first]! + countOf(at[last]!, to);
  };

  return {
    count(start = 0, end = text.length) {
      checkInteger('end', end, 0, text.length);
      checkInteger('start', start, 0, end);
      if (end - start <= stretchUnits) return countOf(start, end);
      const first = firstCut(text, start, end, cuts);
      if (first < 0) return countOf(start, end);
      const last = Math.max(first, lastCut(text, first, end, cuts));
      return countOf(start, first) + between(first, last) + countOf(last, end);
    },
  };
}

/** Index of the first number that is not below `value`, in rising numbers. */
function firstAtLeast(numbers: Int32Array, value: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
