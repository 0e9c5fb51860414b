import { InputError } from '@tesserae/core/data';
import type { Matrix } from '../numeric/matrix';
import { matrixOfRows, weightedRow } from '../numeric/weighted-rows';
import type { TokenMixture } from './smooth-mapping';

/**
 * Embeddings of a new vocabulary as weighted means of old ones; call it for the input and for the output embeddings
 * (`remap_model` of the official code). Several pairs of embedding and head over one body are what the paper calls Hydra.
 *
 * @param oldIds - Ids of the old tokens.
 * @param unknownId - For old tokens without an id.
 * @param embeddings - `[old tokens, dim]`.
 * @returns `[new tokens, dim]`.
 * @throws {InputError} An old token without an id, and no `unknownId`.
 */
export function remapEmbeddings(
  mixtures: readonly TokenMixture[],
  oldIds: ReadonlyMap<string, number>,
  embeddings: Matrix,
  unknownId?: number,
): Matrix {
  const rows = mixtures.map(({ parts }) => {
    // Small weights first, for precision.
    const sorted = parts.toSorted((a, b) => a[1] - b[1]);
    const ids = sorted.map(([token]) => {
      const id = oldIds.get(token) ?? unknownId;
      if (id === undefined) throw new InputError('oldIds', 'an id of every old token', `none of "${token}"`);
      return id;
    });
    return weightedRow({ rows: ids, weights: sorted.map(([, weight]) => weight) }, embeddings);
  });
  return matrixOfRows(rows, embeddings.columns);
}
