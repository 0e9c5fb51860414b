import { InputError, type RandomSource } from '@tesserae/core/data';

export interface FixedGateOptions {
  /** Share of every word that is deleted, 0..1. Default 0.5. */
  readonly amount?: number;
  /** Value of a gate that deletes. Default -10. */
  readonly scale?: number;
}

/** ByT5 ids of white space and punctuation of ASCII, and of the end token: where words end for {@link fixedDeleteGate}. */
const separators = new Set([
  1, 12, 13, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 61, 62, 63, 64, 65, 66, 67, 94, 95, 96, 97,
  98, 99, 126, 127, 128, 129,
]);

/**
 * The baseline that deletes the end of every word (`FixedDeleteGate` of the official code). Words are told by ids of
 * separators, each of which begins one. With several rows the official code adds up the lengths of their words and gives
 * all rows one mask; so does this.
 *
 * @param rows - ByT5 ids, rows of the same length.
 * @returns `[rows, ids]`: 0 where a token is kept, else the scale.
 * @throws {InputError} Rows of different lengths, or a share outside 0..1.
 */
export function fixedDeleteGate(rows: readonly ArrayLike<number>[], options: FixedGateOptions = {}): Float32Array {
  const { amount = 0.5, scale = -10 } = options;
  if (!(amount >= 0 && amount <= 1)) throw new InputError('amount', 'a number of 0..1', String(amount));
  const columns = rows[0]?.length ?? 0;
  const wordLengths: number[] = [];
  for (const row of rows) {
    if (row.length !== columns) throw new InputError('rows', `rows of ${columns} ids`, `one of ${row.length}`);
    let word = 0;
    for (let column = 0; column < columns; column += 1) {
      if (separators.has(row[column]!)) word += 1;
      wordLengths[word] = (wordLengths[word] ?? 0) + 1;
    }
  }
  const keptShare = Math.fround(1 - amount);
  const mask = new Float32Array(columns).fill(scale);
  let start = 0;
  for (const length of Array.from(wordLengths, (count = 0) => count)) {
    mask.fill(0, start, start + Math.ceil(Math.fround(keptShare * length)));
    start += length;
  }
  return Float32Array.from({ length: rows.length * columns }, (_, index) => mask[index % columns]!);
}

export interface RandomGateOptions {
  /** Mean share that is deleted, 0..1. Default 0.5. */
  readonly probability?: number;
  /** Value of a gate that deletes. Default -10. */
  readonly scale?: number;
}

/**
 * The baseline that deletes tokens anywhere in the batch (`RandomDeleteGate` of the official code): a share drawn from a
 * normal distribution of deviation 0.05, then so many positions.
 *
 * @param positions - Tokens of the batch.
 * @returns One value a token: 0, or the scale.
 */
export function randomDeleteGate(
  positions: number,
  random: RandomSource,
  options: RandomGateOptions = {},
): Float32Array {
  const { probability = 0.5, scale = -10 } = options;
  const share = probability + 0.05 * random.normal(1)[0]!;
  const deleted = Math.min(Math.max(Math.trunc(share * positions), 0), positions);
  const gate = new Float32Array(positions);
  for (const position of random.permutation(positions).subarray(0, deleted)) gate[position] = scale;
  return gate;
}
