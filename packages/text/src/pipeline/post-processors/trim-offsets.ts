import { isWhiteSpace } from '../../tables/white-space';
import type { TokenSequence } from '../../tokenizer/token-sequence';
import type { PostProcessor } from './post-processor';

/** Finds the text of a token. */
export type TokenText = (id: number) => string | undefined;

/**
 * Takes white space at the ends of tokens out of their offsets, but for the one space that `addPrefixSpace` put before
 * the first token.
 */
export function trimOffsets(sequence: TokenSequence, addPrefixSpace: boolean, textOf: TokenText): TokenSequence {
  const { ids, surfaces, text = '' } = sequence;
  if (sequence.offsets.length === 0) return sequence;
  const offsets = sequence.offsets.slice();
  for (let index = 0; index < ids.length; index += 1) {
    const characters = [...(surfaces[index] ?? textOf(ids[index]!) ?? '')];
    let leading = characters.findIndex((character) => !isSpace(character));
    if (leading < 0) leading = characters.length;
    const trailing = characters.length - 1 - characters.findLastIndex((character) => !isSpace(character));
    const [start, end] = [offsets[index * 2]!, offsets[index * 2 + 1]!];
    // Of several spaces none was put there.
    const isPut = leading === 1 && addPrefixSpace && (index === 0 || start === 0);
    const from = isPut ? start : Math.min(forward(text, start, leading), end);
    offsets[index * 2] = from;
    const to = backward(text, end, trailing);
    if (to >= 0) offsets[index * 2 + 1] = Math.max(to, from);
  }
  return {
    ...sequence,
    offsets,
    overflowing: sequence.overflowing.map((part) => trimOffsets(part, addPrefixSpace, textOf)),
  };
}

/** So many characters behind a place: a space that was put before a character has the place of that one. */
function forward(text: string, from: number, count: number): number {
  let at = from;
  for (let left = count; left > 0; left -= 1) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

/** So many characters before a place; negative where there are fewer. */
function backward(text: string, from: number, count: number): number {
  let at = from;
  for (let left = count; left > 0; left -= 1) at -= at > 1 && text.codePointAt(at - 2)! > 0xffff ? 2 : 1;
  return at;
}

const isSpace = (character: string): boolean => character === 'Ġ' || isWhiteSpace(character.codePointAt(0)!);

/** Trims before another processor. */
export function trimming(inner: PostProcessor, addPrefixSpace: boolean, textOf: TokenText): PostProcessor {
  return {
    addedCount: (isPair) => inner.addedCount(isPair),
    process: (sequences, addSpecialTokens) =>
      inner.process(
        sequences.map((sequence) => trimOffsets(sequence, addPrefixSpace, textOf)),
        addSpecialTokens,
      ),
  };
}
