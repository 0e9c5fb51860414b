import { checkText } from './check-arguments';
import { firstCut, lastCut } from './text-cuts';
import type { TextModel } from './text-model';
import type { IncrementalCounter } from './text-tokenizer';

/**
 * Counts a text that grows. Between two places where pieces end for sure the count never changes; only what lies before
 * the first and behind the last such place is counted again.
 */
export function createIncrementalCounter(model: TextModel): IncrementalCounter {
  let head = '';
  let tail = '';
  /** Tokens between head and tail; undefined while the text has no safe cut and is all in `tail`. */
  let middle: number | undefined;
  let counted: { readonly head: number; readonly tail: number } | undefined;

  const countOf = (text: string, start = 0, end = text.length) => model.countOrdinary(text, start, end, Infinity);
  const settleTail = (from: number) => {
    const cut = lastCut(tail, Math.max(from - 1, 0), tail.length, model.cuts);
    if (cut < 0) return;
    if (middle === undefined) {
      const first = firstCut(tail, 0, tail.length, model.cuts);
      head = tail.slice(0, first);
      middle = countOf(tail, first, cut);
    } else {
      middle += countOf(tail, 0, cut);
    }
    tail = tail.slice(cut);
  };
  const settleHead = (until: number) => {
    const cut = firstCut(head, 0, Math.min(until + 1, head.length), model.cuts);
    if (cut < 0 || middle === undefined) return;
    middle += countOf(head, cut);
    head = head.slice(0, cut);
  };

  return {
    append(text) {
      checkText('text', text);
      const from = tail.length;
      tail += text;
      counted = undefined;
      settleTail(from);
    },
    prepend(text) {
      checkText('text', text);
      counted = undefined;
      if (middle === undefined) {
        tail = text + tail;
        settleTail(0);
        return;
      }
      head = text + head;
      settleHead(text.length);
    },
    count() {
      counted ??= { head: countOf(head), tail: countOf(tail) };
      return counted.head + (middle ?? 0) + counted.tail;
    },
  };
}
