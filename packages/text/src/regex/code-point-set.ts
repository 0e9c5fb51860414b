/** Code points as sorted, separate ranges: `[first, last, first, last, …]`. */
export type CodePointSet = readonly number[];

const lastCodePoint = 0x10ffff;

/** All code points, surrogates included. */
export const everything: CodePointSet = [0, lastCodePoint];

/** Code points where a test holds. */
export function setWhere(test: (codePoint: number) => boolean): CodePointSet {
  const set: number[] = [];
  let first = -1;
  for (let codePoint = 0; codePoint <= lastCodePoint + 1; codePoint += 1) {
    const isIn = codePoint <= lastCodePoint && test(codePoint);
    if (isIn && first < 0) first = codePoint;
    if (!isIn && first >= 0) {
      set.push(first, codePoint - 1);
      first = -1;
    }
  }
  return set;
}

export const setOf = (...codePoints: readonly number[]): CodePointSet =>
  union(...codePoints.map((codePoint) => [codePoint, codePoint]));

export function union(...sets: readonly CodePointSet[]): CodePointSet {
  const ranges = sets.flatMap((set) => pairs(set)).toSorted((left, right) => left[0] - right[0]);
  const out: number[] = [];
  for (const [first, last] of ranges) {
    if (out.length > 0 && first <= out[out.length - 1]! + 1) out[out.length - 1] = Math.max(out[out.length - 1]!, last);
    else out.push(first, last);
  }
  return out;
}

export function complement(set: CodePointSet): CodePointSet {
  const out: number[] = [];
  let next = 0;
  for (const [first, last] of pairs(set)) {
    if (first > next) out.push(next, first - 1);
    next = last + 1;
  }
  if (next <= lastCodePoint) out.push(next, lastCodePoint);
  return out;
}

export const intersection = (left: CodePointSet, right: CodePointSet): CodePointSet =>
  complement(union(complement(left), complement(right)));

export function pairs(set: CodePointSet): (readonly [number, number])[] {
  const out: (readonly [number, number])[] = [];
  for (let index = 0; index < set.length; index += 2) out.push([set[index]!, set[index + 1]!]);
  return out;
}

/** A character class of a JavaScript regular expression with the flag `u`. */
export function classSource(set: CodePointSet): string {
  if (set.length === 0) return '[^\\u{0}-\\u{10ffff}]';
  const inverse = complement(set);
  const isShorter = inverse.length < set.length && inverse.length > 0;
  const body = pairs(isShorter ? inverse : set).map(([first, last]) =>
    first === last ? escaped(first) : `${escaped(first)}-${escaped(last)}`,
  );
  return `[${isShorter ? '^' : ''}${body.join('')}]`;
}

const escaped = (codePoint: number): string => `\\u{${codePoint.toString(16)}}`;
