/** A text as code points; a lone surrogate is one. */
export const codePointsOf = (text: string): number[] => Array.from(text, (character) => character.codePointAt(0)!);

/**
 * Levenshtein distance: insertions, deletions and replacements that turn one sequence into the other.
 *
 * @param limit - Stops early above it; the result is then larger than `limit`, but not exact. Default: none.
 */
export function editDistance(left: ArrayLike<number>, right: ArrayLike<number>, limit = Infinity): number {
  if (left.length < right.length) return editDistance(right, left, limit);
  if (left.length - right.length > limit) return left.length - right.length;
  const row = Int32Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let i = 1; i <= left.length; i += 1) {
    let diagonal = row[0]!;
    let smallest = i;
    row[0] = i;
    for (let j = 1; j <= right.length; j += 1) {
      const above = row[j]!;
      const replaced = diagonal + (left[i - 1] === right[j - 1] ? 0 : 1);
      const value = Math.min(replaced, above + 1, row[j - 1]! + 1);
      diagonal = above;
      row[j] = value;
      if (value < smallest) smallest = value;
    }
    if (smallest > limit) return smallest;
  }
  return row[right.length]!;
}

/** {@link editDistance} of the code points of two texts. */
export const textEditDistance = (left: string, right: string): number =>
  editDistance(codePointsOf(left), codePointsOf(right));
