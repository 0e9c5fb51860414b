import { stepSize } from '../../tokenizer/steps';
import { type AlignedText, sliceText } from '../aligned-text';
import { type MatchScan, type Pattern, scanMatches } from '../pattern';
import type { PreTokenizer, WordBatches } from './pre-tokenizer';

/** What becomes of the matches that split a text. */
export const splitBehaviors = ['Removed', 'Isolated', 'MergedWithPrevious', 'MergedWithNext', 'Contiguous'] as const;

export type SplitBehavior = (typeof splitBehaviors)[number];

/** Cuts a text at the matches of a pattern, or with `invert` at what lies between them. */
export function splitPreTokenizer(pattern: Pattern, behavior: SplitBehavior, invert = false): PreTokenizer {
  return scanningPreTokenizer((text, emit) => {
    const joiner = createJoiner(behavior, emit);
    const scan = scanMatches(pattern, text, (start, end, isMatch) => joiner.add(start, end, isMatch !== invert));
    return (until) => {
      const isDone = scan(until);
      if (isDone) joiner.end();
      return isDone;
    };
  });
}

/**
 * A pre-tokenizer that goes through a text once.
 *
 * @param begin - Begins with a text; `emit` takes the words.
 */
export function scanningPreTokenizer(
  begin: (text: string, emit: (start: number, end: number) => void) => MatchScan,
): PreTokenizer {
  const cut = (source: AlignedText): readonly AlignedText[] => {
    const words: AlignedText[] = [];
    begin(source.text, (start, end) => words.push(sliceText(source, start, end)))(source.text.length + 1);
    return words;
  };
  function* inSteps(source: AlignedText): WordBatches {
    let words: AlignedText[] = [];
    const scan = begin(source.text, (start, end) => words.push(sliceText(source, start, end)));
    for (let until = stepSize; !scan(until); until += stepSize) {
      yield words;
      words = [];
    }
    yield words;
  }
  return Object.assign(cut, { inSteps });
}

/** Joins matches and what lies between them to words. */
interface Joiner {
  add(start: number, end: number, isMatch: boolean): void;
  end(): void;
}

/** @param emit - Takes the words, none of which is empty. */
function createJoiner(behavior: SplitBehavior, emit: (start: number, end: number) => void): Joiner {
  const emitFilled = (start: number, end: number) => {
    if (end > start) emit(start, end);
  };
  if (behavior === 'Isolated') return { add: emitFilled, end: () => {} };
  if (behavior === 'Removed') {
    return { add: (start, end, isMatch) => void (isMatch || emitFilled(start, end)), end: () => {} };
  }
  let from = 0;
  let to = 0;
  let previousIsMatch = false;
  const joins = (isMatch: boolean): boolean => {
    if (behavior === 'Contiguous') return isMatch === previousIsMatch;
    // A match joins what it belongs to; of several in a row only the one beside it does.
    return behavior === 'MergedWithPrevious' ? isMatch && !previousIsMatch : previousIsMatch && !isMatch;
  };
  return {
    add(start, end, isMatch) {
      if (!joins(isMatch)) {
        emitFilled(from, to);
        from = start;
      }
      to = end;
      previousIsMatch = isMatch;
    },
    end: () => emitFilled(from, to),
  };
}
