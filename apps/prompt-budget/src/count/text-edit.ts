/** `inserted` in the place of `start..end`, in UTF-16 units. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly inserted: string;
}

/** What makes one text of another: one stretch, as short as can be; undefined where they are the same. */
export function editBetween(before: string, after: string): TextEdit | undefined {
  if (before === after) return undefined;
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let same = 0;
  while (
    same < shorter - start &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  )
    same += 1;
  return { start, end: before.length - same, inserted: after.slice(start, after.length - same) };
}
