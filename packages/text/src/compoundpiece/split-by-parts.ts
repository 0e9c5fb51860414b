import { codePointsOf, textEditDistance } from '../edit-distance/edit-distance';

export interface SplitByPartsOptions {
  /** Of equally good splits the one whose parts are as long as given, rather than the one that differs most. Default false. */
  readonly preferPrefix?: boolean;
}

/** How a word is split from some place on. */
interface Split {
  /** Sum of edit distances. */
  readonly distance: number;
  /** Code points by which each part differs in length from the one given. */
  readonly offsets: readonly number[];
}

/**
 * Splits a word where its parts, in other forms, fit best: `arbeitszimmer` by `arbeit` and `zimmer` into `arbeits` and
 * `zimmer`. The sum of the Levenshtein distances of lower-case code points is smallest (`levenshtein_split` of the
 * official code of CompoundPiece, arXiv 2305.14214, by dynamic programming); no part is more than twice as long as given.
 *
 * @param parts - At least one.
 * @returns The parts of the word, or undefined where one would be empty or nothing fits.
 */
export function splitByParts(
  word: string,
  parts: readonly string[],
  options: SplitByPartsOptions = {},
): string[] | undefined {
  const characters = [...word];
  const lengths = parts.map((part) => codePointsOf(part).length);
  const lower = parts.map((part) => part.toLowerCase());
  const sign = options.preferPrefix ? 1 : -1;
  const changes = Math.max(1, characters.length);
  // best[place][change]: how parts from the present one on fill the word from there on, by the sum of their changes.
  let best: (Split | undefined)[][] = characters.map(() => []);
  best.push([{ distance: 0, offsets: [] }]);
  for (let part = parts.length - 1; part >= 0; part -= 1) {
    const next = best;
    best = Array.from({ length: characters.length + 1 }, (_, start) => {
      const found: (Split | undefined)[] = [];
      for (let end = start; end <= Math.min(characters.length, start + 2 * lengths[part]!); end += 1) {
        const offset = end - start - lengths[part]!;
        const own = textEditDistance(characters.slice(start, end).join('').toLowerCase(), lower[part]!);
        for (const [change, rest] of next[end]!.entries()) {
          const total = change + Math.abs(offset);
          if (!rest || total >= changes) continue;
          const split = { distance: own + rest.distance, offsets: [offset, ...rest.offsets] };
          const other = found[total];
          if (!other || compareSplits(split, other, sign) < 0) found[total] = split;
        }
      }
      return found;
    });
  }
  const candidates = best[0]!.filter((found) => found !== undefined);
  if (sign < 0) candidates.reverse();
  const split = candidates.toSorted((a, b) => a.distance - b.distance)[0];
  if (!split) return undefined;
  let start = 0;
  const found = split.offsets.map((offset, part) => {
    const end = start + lengths[part]! + offset;
    const text = characters.slice(start, end).join('');
    start = end;
    return text;
  });
  return found.includes('') ? undefined : found;
}

/** Below 0 where `left` is preferred: by distance, then by the first offset that differs. */
function compareSplits(left: Split, right: Split, sign: number): number {
  if (left.distance !== right.distance) return left.distance - right.distance;
  const place = left.offsets.findIndex((offset, at) => offset !== right.offsets[at]);
  return place < 0 ? 0 : sign * (left.offsets[place]! - right.offsets[place]!);
}
