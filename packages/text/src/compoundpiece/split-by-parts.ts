import { codePointsOf, textEditDistance } from '../edit-distance/edit-distance';

export interface SplitByPartsOptions {
  /** Of equally good splits the one whose parts are as long as given, rather than the one that differs most. Default false. */
  readonly preferPrefix?: boolean;
}

/** How a word is split from some place on. */
interface Split {
  /** Sum of edit distances. */
  readonly distance: number;
  /** Code points by which the parts differ in length from those given. */
  readonly change: number;
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
  const isBetter = (left: Split, right: Split) => compareSplits(left, right, options.preferPrefix ?? false) < 0;
  // best[place]: how parts from the present one on fill the word from there on.
  let best: (Split | undefined)[] = characters.map(() => undefined);
  best.push({ distance: 0, change: 0, offsets: [] });
  for (let part = parts.length - 1; part >= 0; part -= 1) {
    const next = best;
    best = Array.from({ length: characters.length + 1 }, (_, start) => {
      let found: Split | undefined;
      for (let end = start; end <= Math.min(characters.length, start + 2 * lengths[part]!); end += 1) {
        const rest = next[end];
        if (!rest || (found && rest.distance > found.distance)) continue;
        const own = characters.slice(start, end).join('').toLowerCase();
        const offset = end - start - lengths[part]!;
        const split = {
          distance: textEditDistance(own, lower[part]!) + rest.distance,
          change: Math.abs(offset) + rest.change,
          offsets: [offset, ...rest.offsets],
        };
        if (!found || isBetter(split, found)) found = split;
      }
      return found;
    });
  }
  const split = best[0];
  if (!split || split.change >= Math.max(1, characters.length)) return undefined;
  let start = 0;
  const found = split.offsets.map((offset, part) => {
    const end = start + lengths[part]! + offset;
    const text = characters.slice(start, end).join('');
    start = end;
    return text;
  });
  return found.includes('') ? undefined : found;
}

/** Below 0 where `left` is preferred: by distance, then by change, then by the first offset that differs. */
function compareSplits(left: Split, right: Split, preferPrefix: boolean): number {
  if (left.distance !== right.distance) return left.distance - right.distance;
  const sign = preferPrefix ? 1 : -1;
  if (left.change !== right.change) return sign * (left.change - right.change);
  const place = left.offsets.findIndex((offset, at) => offset !== right.offsets[at]);
  return place < 0 ? 0 : sign * (left.offsets[place]! - right.offsets[place]!);
}
