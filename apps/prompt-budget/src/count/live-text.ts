import type { IncrementalCounter, TextTokenizer } from '@tesserae/text';
import type { TextEdit } from './text-edit';

/** A text that is edited, and how many tokens it has. */
export interface LiveText {
  readonly text: string;
  /** Tokens of the text as it is now. */
  readonly tokens: number;
  apply(edit: TextEdit): void;
}

/** Counts as a text is typed: what is added at its ends is counted by itself, any other edit counts the text again. */
export function createLiveText(tokenizer: Pick<TextTokenizer, 'incremental'>, start = ''): LiveText {
  let text = start;
  /** Undefined after an edit that it cannot follow. */
  let counter: IncrementalCounter | undefined;
  const counterOf = (): IncrementalCounter => {
    const made = tokenizer.incremental();
    made.append(text);
    return made;
  };
  return {
    get text() {
      return text;
    },
    get tokens() {
      counter ??= counterOf();
      return counter.count();
    },
    apply({ start: from, end, inserted }) {
      if (from === text.length) counter?.append(inserted);
      else if (end === 0) counter?.prepend(inserted);
      else counter = undefined;
      text = text.slice(0, from) + inserted + text.slice(end);
    },
  };
}
