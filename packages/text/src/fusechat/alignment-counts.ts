import { InputError, ShapeError } from '@tesserae/core/data';

/** How often a token of one vocabulary (outer key) was set against a token of another (inner key). */
export type AlignmentCounts = Map<number, Map<number, number>>;

/**
 * Adds one text to the counts.
 *
 * @param fromToTo - For every token of `fromIds` the positions in `toIds`: a side of an alignment.
 * @throws {ShapeError} Not one list a token.
 */
export function countAlignment(
  counts: AlignmentCounts,
  fromIds: ArrayLike<number>,
  toIds: ArrayLike<number>,
  fromToTo: readonly (readonly number[])[],
): void {
  if (fromToTo.length !== fromIds.length) {
    throw new ShapeError('countAlignment: fromToTo', `${fromIds.length} lists`, [fromToTo.length]);
  }
  for (const [position, partners] of fromToTo.entries()) {
    // A pair that occurs twice in one token's list counts once, as assignment to an indexed array does.
    for (const partner of new Set(partners.map((index) => toIds[index]!))) {
      addCount(counts, fromIds[position]!, partner, 1);
    }
  }
}

export function addCount(counts: AlignmentCounts, from: number, to: number, count: number): void {
  let row = counts.get(from);
  if (!row) counts.set(from, (row = new Map<number, number>()));
  row.set(to, (row.get(to) ?? 0) + count);
}

/** The same counts, the other way round. */
export function transposeCounts(counts: AlignmentCounts): AlignmentCounts {
  const transposed: AlignmentCounts = new Map();
  for (const [from, row] of counts) for (const [to, count] of row) addCount(transposed, to, from, count);
  return transposed;
}

/**
 * The other direction of a map between vocabularies: of several tokens with the same partner the last one.
 *
 * @param mapping - Partner of every id.
 * @param size - Of the vocabulary that the partners are of.
 * @param unknownId - For ids that are no partner. Default 0.
 * @throws {InputError} A partner outside of the vocabulary.
 */
export function invertMapping(mapping: ArrayLike<number>, size: number, unknownId = 0): Int32Array {
  const inverse = new Int32Array(size).fill(unknownId);
  for (let id = 0; id < mapping.length; id += 1) {
    const partner = mapping[id]!;
    if (!(partner >= 0 && partner < size)) throw new InputError('mapping', `ids below ${size}`, String(partner));
    inverse[partner] = id;
  }
  return inverse;
}
