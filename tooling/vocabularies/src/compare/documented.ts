/** A difference where the reference breaks the rule that it states itself. */
export interface DocumentedDifference {
  /** The rule, and what the reference does instead. */
  readonly cause: string;
  /** Tells by vocabulary, kind of comparison and text whether this is the cause. */
  holds(vocabulary: string, what: string, text: string): boolean;
}

/** Every known one; all other differences are errors of ours. */
export const documentedDifferences: readonly DocumentedDifference[] = [];

/** What explains a difference; undefined: nothing does. */
export function causeOf(vocabulary: string, what: string, text: string): string | undefined {
  return documentedDifferences.find(({ holds }) => holds(vocabulary, what, text))?.cause;
}
