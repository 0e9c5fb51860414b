import { InputError } from '../errors/input-error';
import { type CodebookMatrix, codebookSize, normalizedRows, squaredDistance } from './codebook-matrix';

export interface NeighborTableOptions {
  /** `euclidean` (default), or `cosine`: euclidean between codes at unit length. */
  readonly metric?: 'euclidean' | 'cosine';
}

/** The nearest other codes of each code, nearest first. */
export interface CodebookNeighbors {
  readonly size: number;
  /** Neighbors of each code. */
  readonly count: number;
  /** `[size, count]`; of equally near codes the one with the smaller id comes first. */
  readonly ids: Int32Array;
  /** `[size, count]`, ascending in each row; for `cosine` between codes at unit length, 0..2. */
  readonly distances: Float32Array;
}

/**
 * Table of nearest codes in the space of the codebook, as LANTERN needs it.
 *
 * @param count - Neighbors of each code, 1..size - 1; the code itself is none of them.
 * @throws {InputError} `count` is out of range, or a value is not finite.
 * @throws {ShapeError} The values are no whole number of codes.
 */
export function codebookNeighbors(
  codebook: CodebookMatrix,
  count: number,
  { metric = 'euclidean' }: NeighborTableOptions = {},
): CodebookNeighbors {
  const size = codebookSize('codebook', codebook);
  if (!Number.isInteger(count) || count < 1 || count > size - 1) {
    throw new InputError('count', `a whole number of 1..${size - 1}`, String(count));
  }
  const rows = metric === 'cosine' ? normalizedRows(codebook) : codebook;
  const ids = new Int32Array(size * count);
  const distances = new Float32Array(size * count);
  const nearest = new Float64Array(count);
  for (let code = 0; code < size; code += 1) {
    const row = ids.subarray(code * count, (code + 1) * count);
    nearest.fill(Number.POSITIVE_INFINITY);
    for (let other = 0; other < size; other += 1) {
      if (other === code) continue;
      const distance = squaredDistance(rows, code, rows, other);
      let place = count;
      while (place > 0 && distance < nearest[place - 1]!) place -= 1;
      if (place < count) {
        nearest.copyWithin(place + 1, place, count - 1);
        row.copyWithin(place + 1, place, count - 1);
        nearest[place] = distance;
        row[place] = other;
      }
    }
    distances.set(nearest.map(Math.sqrt), code * count);
  }
  return { size, count, ids, distances };
}
