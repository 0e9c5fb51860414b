import { UnsupportedError } from '@tesserae/core/data';

/** Whose regular expressions: Ruby's through Oniguruma, or those of Rust's fancy-regex. */
export type PatternSyntax = 'oniguruma' | 'rust';

/** Where the translation of a pattern is. */
export interface PatternCursor {
  readonly pattern: string;
  readonly syntax: PatternSyntax;
  /** UTF-16 units read. */
  at: number;
  /** Whether groups have to be captured at all. */
  readonly hasReferences: boolean;
  /** Names the next group, by its own name or its number. */
  openGroup(name: string | undefined): string;
  /** A name for a group that the pattern does not have. */
  atomicName(): string;
}

export function createPatternCursor(pattern: string, syntax: PatternSyntax): PatternCursor {
  let groups = 0;
  let atomics = 0;
  return {
    pattern,
    syntax,
    at: 0,
    hasReferences: /\\(?:[1-9]|k[<'])/.test(pattern),
    openGroup(name) {
      groups += 1;
      return name === undefined ? groupName(groups) : `named_${name}`;
    },
    atomicName() {
      atomics += 1;
      return `atomic${atomics}`;
    },
  };
}

/** What a numbered group is called. */
export const groupName = (number: number): string => `group${number}`;

/** The error for what cannot be translated, with its place. */
export function fail({ pattern, at }: PatternCursor, what: string): UnsupportedError {
  return new UnsupportedError(
    'regular expression',
    `${what} at ${at} of ${JSON.stringify(pattern)} cannot be used here.`,
  );
}
