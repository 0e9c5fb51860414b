import { pausingWith, stepSize } from '../../tokenizer/steps';
import type { AlignedText } from '../aligned-text';
import { type Normalizer, normalizeInSteps } from '../normalizers/normalizer';

/** Words of a text, some at a time; work may pause after each batch, which may be empty. */
export type WordBatches = Generator<readonly AlignedText[], void, void>;

/** Cuts a text into words; it may change them too. Empty words are left out by the caller. */
export interface PreTokenizer {
  (text: AlignedText): readonly AlignedText[];
  /** The same in steps. */
  readonly inSteps?: (text: AlignedText) => WordBatches;
}

const noWords: readonly AlignedText[] = [];

/** Words of a text of any length, in steps as far as the pre-tokenizer has them. */
export function* wordsInSteps(preTokenizer: PreTokenizer, text: AlignedText): WordBatches {
  if (preTokenizer.inSteps && text.text.length > stepSize) yield* preTokenizer.inSteps(text);
  else yield preTokenizer(text);
}

/** One pre-tokenizer behind the other: the second cuts the words of the first. */
export function inTurn(first: PreTokenizer, second: PreTokenizer): PreTokenizer {
  const both = (text: AlignedText) =>
    first(text)
      .flatMap((word) => second(word))
      .filter((word) => word.text !== '');
  function* inSteps(text: AlignedText): WordBatches {
    for (const words of wordsInSteps(first, text)) {
      let batch: AlignedText[] = [];
      for (const word of words) {
        if (word.text === '') continue;
        if (word.text.length <= stepSize) {
          batch.push(...second(word));
        } else {
          yield batch;
          batch = [];
          yield* wordsInSteps(second, word);
        }
      }
      yield batch;
    }
  }
  return Object.assign(both, { inSteps });
}

/** Changes every word. */
export function eachWord(preTokenizer: PreTokenizer, change: Normalizer): PreTokenizer {
  function* inSteps(text: AlignedText): WordBatches {
    for (const words of wordsInSteps(preTokenizer, text)) {
      const changed: AlignedText[] = [];
      for (const word of words) changed.push(yield* pausingWith(noWords, normalizeInSteps(change, word)));
      yield changed;
    }
  }
  return Object.assign((text: AlignedText) => preTokenizer(text).map((word) => change(word)), { inSteps });
}

/** Changes the text before it is cut. */
export function afterChange(change: Normalizer, preTokenizer: PreTokenizer): PreTokenizer {
  function* inSteps(text: AlignedText): WordBatches {
    yield* wordsInSteps(preTokenizer, yield* pausingWith(noWords, normalizeInSteps(change, text)));
  }
  return Object.assign((text: AlignedText) => preTokenizer(change(text)), { inSteps });
}

/** Does not cut. */
export const wholeText: PreTokenizer = (text) => [text];
