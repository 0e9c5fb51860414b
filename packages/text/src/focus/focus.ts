import { InputError, type RandomSource, ShapeError } from '@tesserae/core/data';
import { finiteRowCount, type Matrix, rowCount, rowOf } from '../numeric/matrix';
import { columnMoments, drawRow } from '../numeric/moments';
import { innerProduct } from '../numeric/nearest-rows';
import { isZeroRow, matrixOfRows, type RowWeights, unitRows, weightedRow } from '../numeric/weighted-rows';
import type { VocabularyOverlap } from './overlap';
import { sparsemax } from './sparsemax';

/**
 * For every new token the weights of the overlapping tokens: sparsemax of the cosine similarities of their auxiliary
 * vectors (FOCUS, arXiv 2305.14481, section 3).
 *
 * @param added - `[new tokens, dim]`. @param overlapping - `[overlapping tokens, dim]`, at least one.
 * @returns Only weights above 0; they sum to 1.
 * @throws {ShapeError} Vectors of different dimensions.
 * @throws {InputError} `not-finite`; no overlapping tokens.
 */
export function focusWeights(added: Matrix, overlapping: Matrix): RowWeights[] {
  if (added.columns !== overlapping.columns) {
    throw new ShapeError('focusWeights: overlapping', `vectors of ${added.columns} numbers`, [overlapping.columns]);
  }
  const count = finiteRowCount('focusWeights: added', added);
  const others = finiteRowCount('focusWeights: overlapping', overlapping);
  const [left, right] = [unitRows(added, 0), unitRows(overlapping, 0)];
  return Array.from({ length: count }, (_, row) => {
    const vector = rowOf(left, row);
    const similarities = Float64Array.from({ length: others }, (_unused, other) => {
      // A vector of zeros is like no other one.
      return innerProduct(vector, rowOf(right, other)) || 0;
    });
    const dense = sparsemax(similarities);
    const rows = Int32Array.from(dense.keys()).filter((other) => dense[other]! > 0);
    return { rows, weights: Float64Array.from(rows, (other) => dense[other]!) };
  });
}

export interface FocusOptions {
  readonly overlap: VocabularyOverlap;
  /** Vectors of target tokens `[target tokens, dim]` from text in the target language; zeros where there is none. */
  readonly auxiliary: Matrix;
  /** `[source tokens, dim]`. */
  readonly sourceEmbeddings: Matrix;
  /** For tokens without a vector. */
  readonly random: RandomSource;
  /**
   * Which overlapping target tokens new ones may be made of; where a vocabulary is extended, those that the tokenizer of
   * the new language has. Default: all.
   */
  readonly mayUse?: (targetId: number) => boolean;
}

/**
 * Embeddings of a new vocabulary: shared tokens are copied, others are sparse mixtures of the shared ones, and those
 * without a vector are drawn from the normal distribution of the source (FOCUS, `FOCUS` of the official code).
 *
 * @returns `[target tokens, dim]`; every row but the drawn ones lies in the convex hull of the source.
 * @throws {InputError} New tokens have vectors, but no shared token has.
 * @throws {ShapeError} The vectors are not those of the vocabulary.
 */
export function focusEmbeddings({ overlap, auxiliary, sourceEmbeddings, random, mayUse }: FocusOptions): Matrix {
  const { overlapping, added } = overlap;
  const total = overlapping.length + added.length;
  if (rowCount('focusEmbeddings: auxiliary', auxiliary) !== total) {
    throw new ShapeError('focusEmbeddings: auxiliary', `${total} rows`, [auxiliary.values.length / auxiliary.columns]);
  }
  const { columns } = sourceEmbeddings;
  const moments = columnMoments(sourceEmbeddings, 1);
  const rows: ArrayLike<number>[] = Array.from({ length: total }, () => []);
  for (const { target, sources } of overlapping) {
    rows[target] = weightedRow({ rows: sources.slice(0, 1), weights: [1] }, sourceEmbeddings);
  }
  for (const id of added) if (isZeroRow(auxiliary, id)) rows[id] = drawRow(moments, random);
  const mixed = added.filter((id) => !isZeroRow(auxiliary, id));
  const used = overlapping.filter(({ target }) => !isZeroRow(auxiliary, target) && (mayUse?.(target) ?? true));
  if (mixed.length > 0 && used.length === 0) {
    throw new InputError('overlap', 'at least one shared token with a vector', 'none');
  }
  const shared = matrixOfRows(
    used.map(({ target }) => rows[target]!),
    columns,
  );
  const vectors = (ids: Iterable<number>) =>
    matrixOfRows(
      Array.from(ids, (id) => rowOf(auxiliary, id)),
      auxiliary.columns,
    );
  const weights = mixed.length > 0 ? focusWeights(vectors(mixed), vectors(used.map(({ target }) => target))) : [];
  for (const [index, id] of mixed.entries()) rows[id] = weightedRow(weights[index]!, shared);
  return matrixOfRows(rows, columns);
}
