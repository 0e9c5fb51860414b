import type { DeletionSplit } from '../../boundless-bpe/model';

/** Settings of BoundlessBPE; names and defaults are those of kensho-technologies/boundlessbpe where it has them. */
export interface BoundlessBpeTrainingOptions {
  /** Tokens to stop at, the 256 bytes included, from 256. Default 131 072. */
  readonly vocabularySize?: number;
  /** Pairs that come less often are not merged. Default 1. */
  readonly minimumFrequency?: number;
  /**
   * A token is deleted where a merge takes at least this share of its occurrences (PickyBPE). Above 1: none is. Default
   * 0.9.
   */
  readonly deletionThreshold?: number;
  /** What deleted tokens become. Default `bytes`, as in the paper. */
  readonly split?: DeletionSplit;
  /**
   * `keep`: deleted tokens stay in the vocabulary and never come up again, as in the official code. `free`: they make
   * room for others, and can come up again. Default `keep`.
   */
  readonly deletedTokens?: 'keep' | 'free';
  /** Merges of neighboring pre-tokens. False makes it PickyBPE. Default true. */
  readonly supermerges?: boolean;
  /** What both sides of a supermerge match, from the beginning to the end. Default: see {@link supermergePattern}. */
  readonly supermergePattern?: string;
  /** What cuts texts into pre-tokens. Default {@link pretokenPattern}. */
  readonly pattern?: string;
  /** Ids behind the tokens. Default: none. */
  readonly specialTokens?: readonly string[];
}

/** At least one letter that is not the first character; letters with their marks, spaces, underscores, apostrophes. */
export const supermergePattern = "^(?=.+\\p{L})(?:\\p{L}\\p{M}*|[ _'\u2019])+$";

const letter = (...categories: readonly string[]): string =>
  `(?:${categories.length === 1 ? `\\p{${categories[0]}}` : `[${categories.map((name) => `\\p{${name}}`).join('')}]`}\\p{M}*)`;
const number = '(?:\\p{N}\\p{M}*)';

/** The pre-tokens of the second version of the paper (`ULTIMATE_PATTERN`). */
export const pretokenPattern: string = [
  // Contractions; snake case; acronyms before a word; words; acronyms; letters without case.
  ` ?${letter('L')}+['\u2019]${letter('L')}+`,
  `_${letter('Ll')}+`,
  ` ?${letter('Lu')}+(?=${letter('Lu')}${letter('Ll')})`,
  ` ?${letter('Lu')}?${letter('Ll')}+`,
  ` ?${letter('Lu')}+`,
  ` ?${letter('Lt', 'Lm', 'Lo')}+`,
  // Up to three digits, counted from the end of the number.
  `${number}{1,3}(?=(?:${number}{3})*(?:(?:\\P{N}\\p{M}*)|$))`,
  ` ?${letter('P', 'S')}+`,
  '[^\\S\\r\\n]*[\\n\\r]+|[^\\S\\r\\n]+',
  `${letter('Z', 'C')}+`,
  '\\p{M}+',
  '.+',
].join('|');
