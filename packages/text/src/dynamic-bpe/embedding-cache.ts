import { InputError, ShapeError } from '@tesserae/core/data';
import { type Matrix, rowCount, rowOf } from '../numeric/matrix';

/** Keeps embeddings of the tokens that were used last. */
export interface EmbeddingCache {
  /** Tokens held. */
  readonly size: number;
  has(token: string): boolean;
  /**
   * Rows of tokens, computed where they are not held.
   *
   * @param compute - Gives one row of `columns` numbers a token; called at most once, without repeated tokens.
   * @throws {InputError} More different tokens than the cache holds.
   * @throws {ShapeError} `compute` gave another number of rows or columns.
   */
  rows(tokens: readonly string[], compute: (missing: readonly string[]) => Matrix): Matrix;
}

/**
 * A cache of embeddings, least recently used ones go first (`LRU_Cache` of the official code, which tokens of the same
 * batch never leave).
 *
 * @param capacity - Tokens, at least 1. @param columns - Numbers of one embedding.
 */
export function createEmbeddingCache(capacity: number, columns: number): EmbeddingCache {
  for (const [name, value] of Object.entries({ capacity, columns })) {
    if (!Number.isInteger(value) || value < 1) throw new InputError(name, 'an integer of at least 1', String(value));
  }
  const held = new Map<string, Float64Array | Float32Array>();
  const touch = (token: string): boolean => {
    const row = held.get(token);
    if (!row) return false;
    held.delete(token);
    held.set(token, row);
    return true;
  };
  return {
    get size() {
      return held.size;
    },
    has: (token) => held.has(token),
    rows: (tokens, compute) => {
      const wanted = new Set(tokens);
      if (wanted.size > capacity) {
        throw new InputError('tokens', `at most ${capacity} different tokens`, String(wanted.size));
      }
      const missing = [...wanted].filter((token) => !touch(token));
      const computed = missing.length > 0 ? compute(missing) : { values: new Float32Array(0), columns };
      if (computed.columns !== columns || rowCount('compute', computed) !== missing.length) {
        throw new ShapeError('compute', `${missing.length} rows of ${columns}`, [computed.values.length]);
      }
      for (const token of [...held.keys()].slice(0, Math.max(0, held.size + missing.length - capacity))) {
        held.delete(token);
      }
      for (const [index, token] of missing.entries()) held.set(token, rowOf(computed, index).slice());
      const values = new Float32Array(tokens.length * columns);
      for (const [index, token] of tokens.entries()) values.set(held.get(token)!, index * columns);
      return { values, columns };
    },
  };
}
