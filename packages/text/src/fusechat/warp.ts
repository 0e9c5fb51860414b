import { InputError } from '@tesserae/core/data';

/** Two sequences with every element of each set against at least one of the other, in order. */
export interface Alignment {
  /** For every element of the first sequence the indices of the second, ascending. */
  readonly firstToSecond: readonly (readonly number[])[];
  /** For every element of the second sequence the indices of the first, ascending. */
  readonly secondToFirst: readonly (readonly number[])[];
}

/** An alignment of least cost. */
export interface Warping extends Alignment {
  /** Pairs of indices from `[0, 0]` to the last elements. */
  readonly matches: readonly (readonly [number, number])[];
  readonly cost: number;
  /** Least cost up to every pair, row-major `[first, second]`. */
  readonly matrix: Float64Array;
}

/**
 * Dynamic time warping.
 *
 * @param cost - Of setting element `i` of the first sequence against element `j` of the second, at least 0.
 * @param prefer - Which step back is taken where a diagonal one is not cheaper: `second` goes on in the second
 *   sequence (FuseChat), `first` in the first (FuseLLM). Default `second`.
 * @throws {InputError} A sequence without elements.
 */
export function warp(
  firstLength: number,
  secondLength: number,
  cost: (i: number, j: number) => number,
  prefer: 'first' | 'second' = 'second',
): Warping {
  if (firstLength < 1 || secondLength < 1) {
    throw new InputError('warp', 'sequences of at least one element', `${firstLength} and ${secondLength}`);
  }
  const matrix = new Float64Array(firstLength * secondLength);
  const at = (i: number, j: number) => (i < 0 || j < 0 ? Infinity : matrix[i * secondLength + j]!);
  for (let i = 0; i < firstLength; i += 1) {
    for (let j = 0; j < secondLength; j += 1) {
      const before = i === 0 && j === 0 ? 0 : Math.min(at(i - 1, j), at(i, j - 1), at(i - 1, j - 1));
      matrix[i * secondLength + j] = cost(i, j) + before;
    }
  }
  const matches: [number, number][] = [];
  for (let i = firstLength - 1, j = secondLength - 1; i > 0 || j > 0;) {
    matches.push([i, j]);
    const diagonal = at(i - 1, j - 1);
    const up = at(i - 1, j);
    const left = at(i, j - 1);
    if (diagonal <= up && diagonal <= left) {
      i -= 1;
      j -= 1;
    } else if (prefer === 'second' ? left <= up : left < up) j -= 1;
    else i -= 1;
  }
  matches.push([0, 0]);
  matches.reverse();
  return { matches, cost: matrix.at(-1)!, matrix, ...alignmentOf(matches, firstLength, secondLength) };
}

/** Both directions of a list of pairs. */
export function alignmentOf(
  matches: readonly (readonly [number, number])[],
  firstLength: number,
  secondLength: number,
): Alignment {
  const firstToSecond = Array.from({ length: firstLength }, (): number[] => []);
  const secondToFirst = Array.from({ length: secondLength }, (): number[] => []);
  for (const [i, j] of matches) {
    firstToSecond[i]!.push(j);
    secondToFirst[j]!.push(i);
  }
  return { firstToSecond, secondToFirst };
}
