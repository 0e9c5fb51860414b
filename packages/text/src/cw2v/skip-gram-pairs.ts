import { InputError, type RandomSource } from '@tesserae/core/data';

/** Center and context tokens, end to end: `[center, context, center, context, …]`. */
export type SkipGramPairs = Int32Array;

export interface SkipGramOptions {
  /** Tokens on each side that are context. Default 5. */
  readonly window?: number;
  /** Centers are left out with probability `1 - sqrt(threshold / frequency)`, frequency in occurrences. Default 2. */
  readonly threshold?: number;
}

/**
 * Pairs of neighbouring tokens of lines of text.
 *
 * @param lines - Ids; negative ones are no token.
 * @param counts - Occurrences of every id.
 */
export function skipGramPairs(
  lines: readonly ArrayLike<number>[],
  counts: ArrayLike<number>,
  random: RandomSource,
  options: SkipGramOptions = {},
): SkipGramPairs {
  const { window = 5, threshold = 2 } = options;
  if (!(window >= 1)) throw new InputError('window', 'a number of at least 1', String(window));
  const pairs: number[] = [];
  for (const line of lines) {
    const draws = random.uniform(line.length);
    for (let at = 0; at < line.length; at += 1) {
      const center = line[at]!;
      if (center < 0 || draws[at]! <= 1 - Math.sqrt(threshold / counts[center]!)) continue;
      const end = Math.min(line.length, at + window + 1);
      for (let other = Math.max(0, at - window); other < end; other += 1) {
        if (other !== at && line[other]! >= 0) pairs.push(center, line[other]!);
      }
    }
  }
  return Int32Array.from(pairs);
}

/** Occurrences of every id below `size`. @throws {InputError} An id of `size` or more. */
export function countIds(lines: readonly ArrayLike<number>[], size: number): Float64Array {
  const counts = new Float64Array(size);
  for (const line of lines) {
    for (let at = 0; at < line.length; at += 1) {
      const id = line[at]!;
      if (id >= size) throw new InputError('lines', `ids below ${size}`, String(id));
      if (id >= 0) counts[id]! += 1;
    }
  }
  return counts;
}

/** Draws ids in proportion to `counts ^ power`. */
export function createNoise(
  counts: ArrayLike<number>,
  random: RandomSource,
  power = 0.75,
): (count: number) => Int32Array {
  const sums = Float64Array.from(counts, (count) => count ** power);
  for (let id = 1; id < sums.length; id += 1) sums[id]! += sums[id - 1]!;
  const total = sums.at(-1) ?? 0;
  if (!(total > 0)) throw new InputError('counts', 'at least one token', 'none');
  return (count) =>
    Int32Array.from(random.uniform(count), (draw) => {
      const target = draw * total;
      let low = 0;
      for (let high = sums.length - 1; low < high;) {
        const middle = (low + high) >> 1;
        if (sums[middle]! > target) high = middle;
        else low = middle + 1;
      }
      return low;
    });
}
