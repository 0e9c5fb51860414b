import { advanceInSteps, type Steps } from '../../tokenizer/steps';
import { type AlignedText, editText, type TextEdit } from '../aligned-text';
import { type Pattern, scanMatches } from '../pattern';
import { atStart, betweenCharacters, byParts, type Normalizer } from './normalizer';

/** Replaces every match; the new characters stand for the last character of the match. */
export function replaceNormalizer(pattern: Pattern, content: string): Normalizer {
  const replace = (source: AlignedText): AlignedText => {
    if (pattern.kind === 'text' && pattern.text !== '' && !source.tracked) {
      // Flat at once: `replace` leaves a chain of parts to whoever reads the text.
      return { ...source, text: source.text.split(pattern.text).join(content) };
    }
    const { scan, done } = replacing(source, pattern, content);
    scan(source.text.length + 1);
    return done();
  };
  if (pattern.kind === 'text' && pattern.text.length === 1) return byParts(replace, betweenCharacters);
  function* inSteps(source: AlignedText): Steps<AlignedText> {
    const { scan, done } = replacing(source, pattern, content);
    yield* advanceInSteps(scan);
    return done();
  }
  return Object.assign(replace, { inSteps });
}

function replacing(source: AlignedText, pattern: Pattern, content: string) {
  let edit: TextEdit | undefined;
  let kept = 0;
  const scan = scanMatches(pattern, source.text, (start, end, isMatch) => {
    if (!isMatch) return;
    edit ??= editText(source);
    edit.keep(kept, start);
    edit.put(content, end - 1);
    kept = end;
  });
  const done = (): AlignedText => {
    if (!edit) return source;
    edit.keep(kept, source.text.length);
    return edit.done();
  };
  return { scan, done };
}

/** Puts text before a text that is not empty; it stands for the first character. */
export function prependNormalizer(content: string): Normalizer {
  return atStart((source) => {
    if (source.text === '') return source;
    const edit = editText(source);
    edit.put(content, 0);
    edit.keep(0, source.text.length);
    return edit.done();
  });
}
