import type { Lexicon } from './lexicon';

/** Whether the second segmentation of a text is better: fewer chunks, or as many and a smaller sum of ranks. */
export function isBetter(lexicon: Lexicon, standard: readonly string[], alternative: readonly string[]): boolean {
  if (standard.length !== alternative.length) return standard.length > alternative.length;
  return rankSum(lexicon, standard) > rankSum(lexicon, alternative);
}

function rankSum(lexicon: Lexicon, chunks: readonly string[]): number {
  return chunks.reduce((sum, chunk) => sum + Math.max(0, lexicon.rank(chunk)), 0);
}

/** End of the longest chunk at `start`, or of the character there. */
export const nextEnd = (lexicon: Lexicon, characters: readonly string[], start: number): number =>
  Math.max(lexicon.longest(characters, start), start + 1);

export const textBetween = (characters: readonly string[], start: number, end: number): string =>
  characters.slice(start, end).join('');
