import * as tf from '@tensorflow/tfjs-core';

/** A short list of the codes that a data set uses; ids are places in it (taming-transformers). */
export interface IdRemap {
  /** Ids in use, in the order of their new numbers. */
  readonly used: readonly number[];
  /** New id of any other code: one more than the others, a number, or one that the caller draws. */
  readonly unknownIndex: 'extra' | 'random' | number;
}

/** Number of ids after {@link remapIds}. */
export function remappedSize({ used, unknownIndex }: IdRemap): number {
  return unknownIndex === 'extra' ? used.length + 1 : used.length;
}

/**
 * Ids to places in the list of used ones.
 *
 * @param ids - `[...]`, int32.
 * @param draws - Whole numbers `0..used.length - 1` for unknown ids, same shape, int32. `random` without draws gives -1
 *   there.
 */
export function remapIds(ids: tf.Tensor, { used, unknownIndex }: IdRemap, draws?: tf.Tensor): tf.Tensor {
  return tf.tidy(() => {
    const match = tf.cast(tf.equal(tf.expandDims(ids, -1), tf.tensor1d([...used], 'int32')), 'int32');
    const known = tf.greater(tf.max(match, -1), 0);
    const unknown = () => {
      if (unknownIndex === 'random') return draws ?? tf.fill([...ids.shape], -1, 'int32');
      return tf.fill([...ids.shape], unknownIndex === 'extra' ? used.length : unknownIndex, 'int32');
    };
    return tf.where(known, tf.argMax(match, -1), unknown());
  });
}

/** The inverse of {@link remapIds}; the id of unknown codes, and -1, become that of the first used code. */
export function unmapIds(ids: tf.Tensor, { used }: IdRemap): tf.Tensor {
  return tf.tidy(() => {
    const inside = tf.logicalAnd(tf.greaterEqual(ids, 0), tf.less(ids, used.length));
    return tf.gather(tf.tensor1d([...used], 'int32'), tf.where(inside, ids, tf.zerosLike(ids)) as tf.Tensor1D);
  });
}

/**
 * The codes in use, in the order of their new ids: a search among them gives new ids.
 *
 * @param table - `[K, D]`.
 * @returns `[used.length, D]`; the table itself without a list.
 */
export function usedRows(table: tf.Tensor2D, remap: IdRemap | undefined): tf.Tensor2D {
  return remap ? tf.gather(table, tf.tensor1d([...remap.used], 'int32')) : table;
}
