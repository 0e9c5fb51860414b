/** A stretch of a file that one connection fetches at a time: bytes `start` to `end`, the latter not included. */
export interface Segment {
  readonly start: number;
  readonly end: number;
}

/** A stretch of which the first bytes are on disk, in a file of its own. */
export interface Part extends Segment {
  readonly bytes: number;
}

/**
 * Cuts what is still missing of a file into segments, in order and without gaps.
 *
 * @param size - Bytes of the whole file.
 * @param prefix - Bytes from the start that are on disk in one piece.
 * @param parts - Pieces beyond the prefix that an earlier run left; those that do not fit together are left out.
 * @param segmentBytes - Length of new segments.
 */
export function planSegments(
  size: number,
  prefix: number,
  parts: readonly Part[],
  segmentBytes: number,
): readonly Segment[] {
  const segments: Segment[] = [];
  let at = prefix;
  const fill = (end: number) => {
    for (; at < end; at = segments.at(-1)!.end) segments.push({ start: at, end: Math.min(end, at + segmentBytes) });
  };
  for (const { start, end } of usableParts(size, prefix, parts)) {
    fill(start);
    segments.push({ start, end });
    at = end;
  }
  fill(size);
  return segments;
}

/** Parts that lie in order between the prefix and the end of the file and do not overlap. */
export function usableParts(size: number, prefix: number, parts: readonly Part[]): readonly Part[] {
  const usable: Part[] = [];
  let at = prefix;
  for (const part of parts.toSorted((a, b) => a.start - b.start)) {
    const { start, end, bytes } = part;
    if (start < at || end > size || bytes > end - start) continue;
    usable.push(part);
    at = end;
  }
  return usable;
}

/** `<blob>.<start>-<end>.part`. */
export const partName = (name: string, { start, end }: Segment): string => `${name}.${start}-${end}.part`;

/** The segment that a part's name tells; undefined for another file's. */
export function segmentOfName(name: string, file: string): Segment | undefined {
  if (!file.startsWith(`${name}.`)) return undefined;
  const match = /^(\d{1,15})-(\d{1,15})\.part$/.exec(file.slice(name.length + 1));
  if (!match) return undefined;
  const [start, end] = [Number(match[1]), Number(match[2])];
  return start < end ? { start, end } : undefined;
}
