import { InputError } from '@tesserae/core/data';
import { logBinomial } from '../numeric/log-gamma';

/** Boundaries of a row, and of how many positions. */
export interface BoundaryCount {
  readonly boundaries: number;
  /** Padding left out. */
  readonly positions: number;
}

/**
 * Boundaries of every row, positions that are masked left out.
 *
 * @param boundaries - `[rows, columns]`, 0 or 1.
 * @param mask - `[rows, columns]`, 1 for what counts. Default: everything.
 */
export function countBoundaries(
  boundaries: ArrayLike<number>,
  columns: number,
  mask?: ArrayLike<number>,
): BoundaryCount[] {
  return Array.from({ length: boundaries.length / columns }, (_, row) => {
    let [found, positions] = [0, 0];
    for (let index = row * columns; index < (row + 1) * columns; index += 1) {
      if (mask && mask[index] !== 1) continue;
      found += boundaries[index]!;
      positions += 1;
    }
    return { boundaries: found, positions };
  });
}

/**
 * The loss that leads a predictor to the rate of its script (arXiv 2407.08818, section 2.2): the mean of
 * `-log Binomial(positions, prior)(boundaries)` over rows (`calc_loss_without_padding`).
 *
 * @param prior - Share of boundaries wanted, between 0 and 1.
 * @param perPosition - Divides by the positions of each row, as `calc_loss` does for language models. Default false.
 * @throws {InputError} A prior outside 0..1, no rows, or more boundaries than positions.
 */
export function boundaryLoss(counts: readonly BoundaryCount[], prior: number, perPosition = false): number {
  if (!(prior > 0 && prior < 1)) throw new InputError('prior', 'a number between 0 and 1', String(prior));
  if (counts.length === 0) throw new InputError('counts', 'at least one row', 'none');
  const losses = counts.map(({ boundaries, positions }) => {
    if (!(boundaries >= 0 && boundaries <= positions)) {
      throw new InputError('counts', `0..${positions} boundaries`, String(boundaries));
    }
    const likelihood =
      logBinomial(positions, boundaries) + boundaries * Math.log(prior) + (positions - boundaries) * Math.log1p(-prior);
    return -likelihood / (perPosition ? positions : 1);
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}

/** Mean positions of a segment over rows: how much shorter the middle layers have it. */
export function compressionRate(counts: readonly BoundaryCount[]): number {
  return counts.reduce((sum, { boundaries, positions }) => sum + positions / boundaries, 0) / counts.length;
}
