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
  const offsets = sequence.offsets.slice();
  for (let index = 0; index < sequence.ids.length; index += 1) {
    const characters = [...(textOf(sequence.ids[index]!) ?? '')];
    let leading = characters.findIndex((character) => !isSpace(character));
    if (leading < 0) leading = characters.length;
    const trailing = characters.length - 1 - characters.findLastIndex((character) => !isSpace(character));
    const start = offsets[index * 2]!;
    if (leading > 0) {
      const isFirst = index === 0 || start === 0;
      const cut = isFirst && addPrefixSpace ? leading - 1 : leading;
      offsets[index * 2] = Math.min(start + cut, offsets[index * 2 + 1]!);
    }
    if (trailing > 0 && offsets[index * 2 + 1]! >= trailing) {
      offsets[index * 2 + 1] = Math.max(offsets[index * 2 + 1]! - trailing, offsets[index * 2]!);
    }
  }
  return {
    ...sequence,
    offsets,
    overflowing: sequence.overflowing.map((part) => trimOffsets(part, addPrefixSpace, textOf)),
  };
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
