/**
 * Whole numbers from 1 to `limit`, evenly spaced in their logarithm, without repeats.
 *
 * @param limit - Always the last one; nothing for a limit of 0.
 * @param points - At most so many, at least 2.
 */
export function logSpaced(limit: number, points: number): readonly number[] {
  const places = Array.from({ length: points }, (_, index) => Math.round(limit ** (index / (points - 1))));
  return limit < 1 ? [] : [...new Set(places)];
}
