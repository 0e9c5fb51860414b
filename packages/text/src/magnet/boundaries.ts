import { InputError } from '@tesserae/core/data';

/**
 * Numbers of the segments of a batch for `poolSegments`: -1 for the null group, then 0, 1, … up to the most boundaries
 * that a row has.
 *
 * @param boundaries - `[rows, columns]`, 0 or 1.
 */
export function segmentSlots(boundaries: ArrayLike<number>, columns: number): Float32Array {
  let most = 0;
  let count = 0;
  for (let index = 0; index < boundaries.length; index += 1) {
    count = index % columns === 0 ? boundaries[index]! : count + boundaries[index]!;
    most = Math.max(most, count);
  }
  return Float32Array.from({ length: Math.round(most) + 1 }, (_, slot) => slot - 1);
}

/** A boundary at the first position and at every `size`-th after it: `[length]`, 0 or 1. */
export function fixedBoundaries(length: number, size: number): Float32Array {
  if (!Number.isSafeInteger(size) || size < 1) throw new InputError('size', 'an integer of at least 1', String(size));
  return Float32Array.from({ length }, (_, position) => (position % size === 0 ? 1 : 0));
}

/** A boundary at every id that is a separator, such as that of the space: `[ids.length]`, 0 or 1. */
export function separatorBoundaries(ids: ArrayLike<number>, separators: ReadonlySet<number>): Float32Array {
  return Float32Array.from(ids, (id) => (separators.has(id) ? 1 : 0));
}

/**
 * A boundary where the entropy of the next byte is higher than at all of the `left` positions before (`get_spikes`):
 * what boundary predictors of the kind `entropy` learn. The first position always is one.
 *
 * @param entropies - Of every position.
 * @param left - Default 2.
 */
export function entropySpikes(entropies: ArrayLike<number>, left = 2): Float32Array {
  return Float32Array.from(entropies, (entropy, position) => {
    for (let back = 1; back <= Math.min(left, position); back += 1) {
      if (!(entropy > entropies[position - back]!)) return 0;
    }
    return 1;
  });
}
