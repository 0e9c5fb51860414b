import { InputError, ShapeError } from '@tesserae/core/data';

/** What is left of a batch after hard deletion. */
export interface KeptPositions {
  /** Rows. */
  readonly batch: number;
  /** Positions of the row that keeps most. */
  readonly length: number;
  /** `[batch, length]`: where each one came from, ascending; 0 behind the end of a row. */
  readonly positions: Int32Array;
  /** `[batch, length]`: 0, and -1e9 behind the end of a row; added to the scores of attention. */
  readonly mask: Float32Array;
}

/**
 * Which positions hard deletion keeps: those with a gate above the threshold (`MrT5Block` of the official code). A row
 * that keeps nothing keeps its first position where others keep some.
 *
 * @param values - `[batch, positions]`, of the gate.
 * @param batch - Rows.
 * @param threshold - `deletion_threshold`; half the scale in training.
 * @throws {InputError} Every position of the batch would be deleted.
 * @throws {ShapeError} The values are no whole rows.
 */
export function keptPositions(values: Float32Array, batch: number, threshold: number): KeptPositions {
  const columns = values.length / batch;
  if (!Number.isInteger(columns)) throw new ShapeError('values', `[${batch}, positions]`, [values.length]);
  const limit = Math.fround(threshold);
  const rows = Array.from({ length: batch }, (_, row) => {
    const kept: number[] = [];
    for (let column = 0; column < columns; column += 1) if (values[row * columns + column]! > limit) kept.push(column);
    return kept;
  });
  const length = rows.reduce((most, kept) => Math.max(most, kept.length), 0);
  if (length === 0) throw new InputError('values', `a gate above ${threshold}`, 'none: all tokens would be deleted');
  const positions = new Int32Array(batch * length);
  const mask = new Float32Array(batch * length).fill(-1e9);
  for (const [row, kept] of rows.entries()) {
    positions.set(kept, row * length);
    mask.fill(0, row * length, row * length + Math.max(kept.length, 1));
  }
  return { batch, length, positions, mask };
}
