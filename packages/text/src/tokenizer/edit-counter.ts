import { checkInteger, checkText } from './check-arguments';
import { endOfStretch } from './text-cuts';
import type { TextModel } from './text-model';
import type { EditCounter } from './text-tokenizer';

/** Units of a part between two cuts, at most if there is a place to cut. */
const partUnits = 512;

/** A part of the text between two cuts. */
interface Part {
  readonly text: string;
  /** Undefined until somebody asks. */
  count: number | undefined;
}

/**
 * Counts a text that is edited anywhere. It is kept in parts that begin and end where tokens cannot reach over; an edit
 * makes new parts of those that it touches, and only these are counted again.
 */
export function createEditCounter(model: TextModel, start: string): EditCounter {
  const partsOf = (text: string): Part[] => {
    const parts: Part[] = [];
    for (let from = 0; from < text.length;) {
      const end = endOfStretch(text, from, partUnits, model.cuts);
      parts.push({ text: text.slice(from, end), count: undefined });
      from = end;
    }
    return parts;
  };
  let parts = partsOf(start);
  let { length } = start;

  return {
    get length() {
      return length;
    },
    replace(from, to, inserted) {
      checkInteger('end', to, 0, length);
      checkInteger('start', from, 0, to);
      checkText('inserted', inserted);
      // A cut is told by the units on both sides of it: parts that only touch the edit are cut anew too.
      let first = 0;
      let before = 0;
      while (first < parts.length && before + parts[first]!.text.length < from) before += parts[first++]!.text.length;
      let last = first;
      let behind = before;
      while (last < parts.length && behind <= to) behind += parts[last++]!.text.length;
      const touched = parts
        .slice(first, last)
        .map(({ text }) => text)
        .join('');
      const changed = touched.slice(0, from - before) + inserted + touched.slice(to - before);
      parts = [...parts.slice(0, first), ...partsOf(changed), ...parts.slice(last)];
      length += inserted.length - (to - from);
    },
    count() {
      let total = 0;
      for (const part of parts) {
        part.count ??= model.countOrdinary(part.text, 0, part.text.length, Infinity);
        total += part.count;
      }
      return total;
    },
  };
}
