/** A text, or a part of one, that goes to a thread. */
export interface TextPart {
  /** Its place in the batch. */
  readonly text: number;
  readonly start: number;
  readonly end: number;
  /** The whole text, which was not cut. */
  readonly isWhole: boolean;
}

/** Parts that go to a thread together: whole texts, or parts of texts that were cut. */
export interface Job {
  readonly parts: readonly TextPart[];
  /** UTF-16 units of all parts. */
  readonly units: number;
}

/**
 * Puts texts together until a job has `size` units, and cuts longer ones. Jobs are made as they are asked for, in the
 * order of the texts.
 *
 * @param cut - Ends of the stretches of a text of more than `size` units, at least one.
 */
export function* planJobs(
  texts: readonly string[],
  size: number,
  cut: (text: string, index: number) => Int32Array,
): Generator<Job> {
  let parts: TextPart[] = [];
  let units = 0;
  for (const [index, text] of texts.entries()) {
    const ends = text.length > size ? cut(text, index) : Int32Array.of(text.length);
    for (let part = 0; part < ends.length; part += 1) {
      const start = part === 0 ? 0 : ends[part - 1]!;
      const end = ends[part]!;
      const isWhole = ends.length === 1;
      if (parts.length > 0 && (units + end - start > size || parts[0]!.isWhole !== isWhole)) {
        yield { parts, units };
        parts = [];
        units = 0;
      }
      parts.push({ text: index, start, end, isWhole });
      units += end - start;
    }
  }
  if (parts.length > 0) yield { parts, units };
}

/** Copies the parts of a job end to end. */
export function writeUnits(texts: readonly string[], { parts }: Job, target: Uint16Array): Int32Array {
  const ends = new Int32Array(parts.length);
  let at = 0;
  for (const [index, { text, start, end }] of parts.entries()) {
    const content = texts[text]!;
    for (let unit = start; unit < end; unit += 1) target[at++] = content.charCodeAt(unit);
    ends[index] = at;
  }
  return ends;
}
