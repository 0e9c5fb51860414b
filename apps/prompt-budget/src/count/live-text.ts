import type { EditCounter, TextTokenizer } from '@tesserae/text';
import type { TextEdit } from './text-edit';

/** A text that is edited, and how many tokens it has. */
export interface LiveText {
  readonly text: string;
  /** Tokens of the text as it is now. */
  readonly tokens: number;
  apply(edit: TextEdit): void;
}

/** Counts as a text is typed, at its ends or inside: only what lies around an edit is counted again. */
export function createLiveText(tokenizer: Pick<TextTokenizer, 'editCounter'>, start = ''): LiveText {
  let text = start;
  let counter: EditCounter | undefined;
  return {
    get text() {
      return text;
    },
    get tokens() {
      counter ??= tokenizer.editCounter(text);
      return counter.count();
    },
    apply({ start: from, end, inserted }) {
      counter?.replace(from, end, inserted);
      text = text.slice(0, from) + inserted + text.slice(end);
    },
  };
}
