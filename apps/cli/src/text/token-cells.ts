import type { TextTokenizer } from '@tesserae/text';
import type { WholeTextOptions } from './encode-text';

/** One token of a text. */
export interface ShownToken {
  readonly id: number;
  /** As the vocabulary writes it. */
  readonly token: string;
}

/** A stretch of a text with its tokens: mostly one, several where they share a character, none where the text is dropped. */
export interface TokenCell {
  readonly text: string;
  readonly tokens: readonly ShownToken[];
  /** False for tokens that stand for no text of their own: the text is then the token. */
  readonly ofText: boolean;
  /** UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** Cuts a text into the stretches that its tokens are of, nothing left out. @throws {InputError} As `TextTokenizer.encode`. */
export function tokenCells(tokenizer: TextTokenizer, text: string, options: WholeTextOptions): readonly TokenCell[] {
  const { ids, offsets = new Int32Array() } = tokenizer.encode(text, { ...options, offsets: 'utf16' });
  const cells: TokenCell[] = [];
  /** The last cell that is of the text and has tokens. */
  let last = -1;
  let reached = 0;
  const skipTo = (start: number) => {
    if (start > reached)
      cells.push({ text: text.slice(reached, start), tokens: [], ofText: true, start: reached, end: start });
    reached = Math.max(reached, start);
  };
  for (const [index, id] of ids.entries()) {
    const shown = { id, token: tokenizer.idToToken(id) ?? '' };
    const [start, end] = [offsets[index * 2]!, offsets[index * 2 + 1]!];
    const before = cells[last];
    if (start === end) {
      cells.push({ text: shown.token, tokens: [shown], ofText: false, start: reached, end: reached });
    } else if (before && start < reached) {
      // Bytes of one character, or a character that became several.
      reached = Math.max(reached, end);
      const tokens = [...before.tokens, shown];
      cells[last] = { ...before, text: text.slice(before.start, reached), tokens, end: reached };
    } else {
      skipTo(start);
      last = cells.length;
      cells.push({ text: text.slice(start, end), tokens: [shown], ofText: true, start, end });
      reached = end;
    }
  }
  skipTo(text.length);
  return cells;
}
