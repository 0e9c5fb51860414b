import { editText } from '../aligned-text';
import { findMatches, type Pattern } from '../pattern';
import type { Normalizer } from './normalizer';

/** Replaces every match; the new characters stand for the last character of the match. */
export function replaceNormalizer(pattern: Pattern, content: string): Normalizer {
  return (source) => {
    if (pattern.kind === 'text' && pattern.text !== '' && !source.tracked) {
      return { ...source, text: source.text.split(pattern.text).join(content) };
    }
    const matches = findMatches(pattern, source.text).filter(({ isMatch }) => isMatch);
    if (matches.length === 0) return source;
    const edit = editText(source);
    let kept = 0;
    for (const { start, end } of matches) {
      edit.keep(kept, start);
      edit.put(content, end - 1);
      kept = end;
    }
    edit.keep(kept, source.text.length);
    return edit.done();
  };
}

/** Puts text before a text that is not empty; it stands for the first character. */
export function prependNormalizer(content: string): Normalizer {
  return (source) => {
    if (source.text === '') return source;
    const edit = editText(source);
    edit.put(content, 0);
    edit.keep(0, source.text.length);
    return edit.done();
  };
}
