import { InputError, type RandomSource, ShapeError } from '@tesserae/core/data';
import { finiteRowCount, type Matrix, rowCount, rowOf } from '../numeric/matrix';
import { columnMoments, drawRow } from '../numeric/moments';
import { nearestRows } from '../numeric/nearest-rows';
import { softmax } from '../numeric/softmax';
import { isZeroRow, matrixOfRows, type RowWeights, unitRows, weightedRow } from '../numeric/weighted-rows';

export interface WechselOptions {
  /** Vectors of the source tokens in the space of the target vectors `[source tokens, dim]`. */
  readonly sourceVectors: Matrix;
  /** Vectors of the target tokens `[target tokens, dim]`; zeros where there is none. */
  readonly targetVectors: Matrix;
  /** `[source tokens, width]`: what the result is mixed of. */
  readonly sourceEmbeddings: Matrix;
  /** Most similar source tokens that count. Default 10, at most all. */
  readonly neighbors?: number;
  /** Similarities are divided by it before softmax. Above 0, default 0.1. */
  readonly temperature?: number;
  /** Rows for target tokens without a vector: drawn from the normal distribution of the source, or given `[target tokens, width]`. */
  readonly fallback: RandomSource | Matrix;
  /** Pairs whose embedding is copied: special tokens of the same text. */
  readonly copies?: readonly (readonly [source: number, target: number])[];
}

export interface WechselEmbeddings {
  /** `[target tokens, width]`. */
  readonly embeddings: Matrix;
  /** Source tokens of every target token, nearest first; none for those without a vector. */
  readonly sources: readonly RowWeights[];
  /** Target tokens without a vector. */
  readonly notFound: Int32Array;
}

/**
 * Embeddings of a target vocabulary as means of those of the most similar source tokens (WECHSEL, arXiv 2112.06598,
 * section 3; `create_target_embeddings` of the official code).
 *
 * @throws {ShapeError} Matrices that do not fit together.
 * @throws {InputError} `not-finite`; a temperature of 0 or less.
 */
export function wechselEmbeddings(options: WechselOptions): WechselEmbeddings {
  const { sourceVectors, targetVectors, sourceEmbeddings, neighbors = 10, temperature = 0.1, copies = [] } = options;
  if (!(temperature > 0)) throw new InputError('temperature', 'a number above 0', String(temperature));
  const sources = checkedRows(options);
  const targets = finiteRowCount('wechselEmbeddings: targetVectors', targetVectors);
  const draw = fallbackRows(options, targets);
  const [left, right] = [unitRows(targetVectors), unitRows(sourceVectors)];
  const notFound: number[] = [];
  const mixtures: RowWeights[] = [];
  const rows: ArrayLike<number>[] = [];
  for (let token = 0; token < targets; token += 1) {
    if (isZeroRow(targetVectors, token)) {
      notFound.push(token);
      mixtures.push({ rows: [], weights: [] });
      rows.push(draw(token));
      continue;
    }
    const nearest = nearestRows(rowOf(left, token), right, Math.min(neighbors, sources));
    const mixture = { rows: nearest.rows, weights: softmax(nearest.scores, temperature) };
    mixtures.push(mixture);
    rows.push(weightedRow(mixture, sourceEmbeddings));
  }
  for (const [source, target] of copies) {
    if (!(target >= 0 && target < targets))
      throw new InputError('copies', `target ids below ${targets}`, String(target));
    rows[target] = weightedRow({ rows: [source], weights: [1] }, sourceEmbeddings);
  }
  return {
    embeddings: matrixOfRows(rows, sourceEmbeddings.columns),
    sources: mixtures,
    notFound: Int32Array.from(notFound),
  };
}

function checkedRows({ sourceVectors, targetVectors, sourceEmbeddings }: WechselOptions): number {
  const sources = finiteRowCount('wechselEmbeddings: sourceVectors', sourceVectors);
  if (targetVectors.columns !== sourceVectors.columns) {
    const expected = `vectors of ${sourceVectors.columns} numbers`;
    throw new ShapeError('wechselEmbeddings: targetVectors', expected, [targetVectors.columns]);
  }
  const rows = rowCount('wechselEmbeddings: sourceEmbeddings', sourceEmbeddings);
  if (rows !== sources || rows === 0) {
    throw new ShapeError('wechselEmbeddings: sourceEmbeddings', `${sources} rows, at least one`, [rows]);
  }
  return sources;
}

function fallbackRows(
  { fallback, sourceEmbeddings }: WechselOptions,
  targets: number,
): (token: number) => ArrayLike<number> {
  if ('values' in fallback) {
    const rows = rowCount('wechselEmbeddings: fallback', fallback);
    if (rows !== targets || fallback.columns !== sourceEmbeddings.columns) {
      const expected = `[${targets}, ${sourceEmbeddings.columns}]`;
      throw new ShapeError('wechselEmbeddings: fallback', expected, [rows, fallback.columns]);
    }
    return (token) => rowOf(fallback, token);
  }
  const moments = columnMoments(sourceEmbeddings);
  return () => drawRow(moments, fallback);
}
