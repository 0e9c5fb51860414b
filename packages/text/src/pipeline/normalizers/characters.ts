import { type AlignedText, editText } from '../aligned-text';

/**
 * Replaces every character by what `replace` gives for it: another text, aligned to the character as a whole, or
 * nothing, which drops it.
 *
 * @param replace - Undefined leaves the character as it is.
 */
export function replaceCharacters(
  source: AlignedText,
  replace: (character: string, codePoint: number) => string | undefined,
): AlignedText {
  const { text } = source;
  let edit: ReturnType<typeof editText> | undefined;
  let kept = 0;
  for (let at = 0; at < text.length;) {
    const codePoint = text.codePointAt(at)!;
    const length = codePoint > 0xffff ? 2 : 1;
    const replacement = replace(length === 1 ? text[at]! : text.slice(at, at + 2), codePoint);
    if (replacement !== undefined) {
      edit ??= editText(source);
      edit.keep(kept, at);
      edit.put(replacement, at);
      kept = at + length;
    }
    at += length;
  }
  if (!edit) return source;
  edit.keep(kept, text.length);
  return edit.done();
}

/** Drops characters. */
export function dropCharacters(source: AlignedText, isDropped: (codePoint: number) => boolean): AlignedText {
  return replaceCharacters(source, (_, codePoint) => (isDropped(codePoint) ? '' : undefined));
}
