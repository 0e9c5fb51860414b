import { InputError, type RandomSource } from '@tesserae/core/data';
import { finiteRowCount, type Matrix, rowOf } from '../numeric/matrix';
import { columnMoments, drawRow } from '../numeric/moments';
import { matrixOfRows, weightedRow } from '../numeric/weighted-rows';

/**
 * How new rows of an embedding matrix begin.
 *
 * - `mean`: the mean of all old rows.
 * - `pieces`: the mean of the old tokens that the text of the new one is made of; needs `pieces`.
 * - `univariate`: drawn with the mean and the deviation of every dimension.
 * - `multivariate`: drawn with the mean and `covarianceScale` times the covariance of the old rows.
 * - `random`: drawn with mean 0 and the deviation `deviation`.
 */
export type RowInitialization = 'mean' | 'pieces' | 'univariate' | 'multivariate' | 'random';

export interface InitializeRowsOptions {
  readonly strategy: RowInitialization;
  /** For the strategies that draw. */
  readonly random?: RandomSource;
  /** For `pieces`: old ids of every new token; a token without any takes the mean of all rows. */
  readonly pieces?: readonly ArrayLike<number>[];
  /** For `multivariate`. Default 1e-5. */
  readonly covarianceScale?: number;
  /** For `random`. Default 0.02. */
  readonly deviation?: number;
}

/**
 * New rows for tokens that a vocabulary is extended by, in the baselines of "An Empirical Comparison of Vocabulary
 * Expansion and Initialization Approaches" (arXiv 2407.05841, section 4).
 *
 * @param embeddings - Old rows `[tokens, dim]`.
 * @param count - New rows.
 * @returns `[count, dim]`.
 * @throws {InputError} No old rows, `not-finite`, or an option that the strategy needs is missing.
 */
export function initializeRows(embeddings: Matrix, count: number, options: InitializeRowsOptions): Matrix {
  const { strategy, pieces, covarianceScale = 1e-5, deviation = 0.02 } = options;
  if (!Number.isInteger(count) || count < 0) throw new InputError('count', 'an integer of at least 0', String(count));
  if (strategy === 'pieces' && pieces?.length !== count) {
    throw new InputError('pieces', `${count} lists of ids`, String(pieces?.length));
  }
  const moments = columnMoments(embeddings);
  const draw = (): RandomSource => {
    if (!options.random) throw new InputError('random', `a random source for ${strategy}`, 'none');
    return options.random;
  };
  const rows: Readonly<Record<RowInitialization, (index: number) => ArrayLike<number>>> = {
    mean: () => moments.mean,
    pieces: (index) => meanOfPieces(embeddings, pieces![index]!, moments.mean),
    univariate: () => drawRow(moments, draw()),
    multivariate: () => drawCovariant(embeddings, moments.mean, covarianceScale, draw()),
    random: () =>
      draw()
        .normal(embeddings.columns)
        .map((value) => value * deviation),
  };
  const row = rows[strategy];
  return matrixOfRows(
    Array.from({ length: count }, (_, index) => row(index)),
    embeddings.columns,
  );
}

/**
 * Mean of the embeddings of the pieces of a token; used by dynamic tokenization too, where no hypernetwork gives better
 * ones (fast vocabulary transfer).
 *
 * @param fallback - For tokens without pieces.
 */
export function meanOfPieces(
  embeddings: Matrix,
  ids: ArrayLike<number>,
  fallback: ArrayLike<number>,
): ArrayLike<number> {
  if (ids.length === 0) return fallback;
  return weightedRow({ rows: ids, weights: Array.from(ids, () => 1 / ids.length) }, embeddings);
}

/**
 * A draw with the mean and the scaled covariance of the rows: a sum of the centered rows with normal weights has just that
 * covariance, without a factor of it.
 */
function drawCovariant(embeddings: Matrix, mean: Float64Array, scale: number, random: RandomSource): Float64Array {
  const rows = finiteRowCount('initializeRows', embeddings);
  const noise = random.normal(rows);
  const factor = Math.sqrt(scale / Math.max(1, rows - 1));
  const out = Float64Array.from(mean);
  for (let row = 0; row < rows; row += 1) {
    const values = rowOf(embeddings, row);
    const weight = noise[row]! * factor;
    for (let column = 0; column < out.length; column += 1) out[column]! += weight * (values[column]! - mean[column]!);
  }
  return out;
}
