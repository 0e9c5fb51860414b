/**
 * Mends a last segment that is shorter than allowed: joins it with the one before, or moves the cut between them, where
 * the limits let it (`_handle_short_final_segment` of wtpsplit).
 *
 * @param ends - Ends of segments, exclusive; may contain the end of the text.
 */
export function mergeShortEnd(ends: readonly number[], length: number, shortest: number, longest: number): number[] {
  const last = ends.at(-1);
  if (last === undefined || length - last >= shortest) return [...ends];
  const others = ends.slice(0, -1);
  const before = others.at(-1);
  if (before === undefined) {
    if (length <= longest) return [];
    const moved = length - shortest;
    return moved >= shortest ? [moved] : [...ends];
  }
  if (length - before <= longest) return others;
  const moved = Math.max(length - shortest, before + 1);
  return moved - before <= longest ? [...others, moved] : [...ends];
}
