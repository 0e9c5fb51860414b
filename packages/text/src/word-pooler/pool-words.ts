import * as tf from '@tensorflow/tfjs-core';
import { linear, type LinearParams } from '@tesserae/core/nn';
import { gatherRows } from '../tensors/gather-rows';

/** Low enough that its exponential is zero beside any score. */
const hiddenScore = -1e30;

/**
 * Lets bytes see their own word only, for the shallow encoder of Learn Your Tokens (arXiv 2310.11628, section 3) and of
 * HAT. Padding sees padding.
 *
 * @param wordOf - `[B, N]`, float32, of `layoutWords`.
 * @returns `[B, 1, N, N]`: 0, or too low to count; added to the scores of attention.
 */
export function sameWordMask(wordOf: tf.Tensor2D): tf.Tensor4D {
  return tf.tidy(() => {
    const other = tf.cast(tf.notEqual(tf.expandDims(wordOf, 2), tf.expandDims(wordOf, 1)), 'float32');
    return tf.expandDims(tf.mul(other, hiddenScore), 1) as tf.Tensor4D;
  });
}

/**
 * Means of the bytes of every word.
 *
 * @param hidden - `[B, N, width]`, float32.
 * @param wordOf - `[B, N]`.
 * @param numbers - `[W]`, float32: 0, 1, …, as many as the row with most words has.
 * @returns `[B, W, width]`; zero for words that a row does not have.
 */
export function meanOfWords(hidden: tf.Tensor3D, wordOf: tf.Tensor2D, numbers: tf.Tensor1D): tf.Tensor3D {
  return tf.tidy(() => {
    const members = membersOf(wordOf, numbers);
    const shares = tf.div(members, tf.maximum(tf.sum(members, 2, true), 1));
    return tf.matMul(shares as tf.Tensor3D, hidden);
  });
}

/**
 * Hidden states at the prefixes of every word, side by side: what Learn Your Tokens gives its language model.
 *
 * @param hidden - `[B, N, width]`, float32.
 * @param prefixColumns - `[B, W · prefixes]`, int32, of `layoutWords`.
 * @param prefixes - Slots of a word.
 * @returns `[B, W, prefixes · width]`.
 */
export function prefixesOfWords(hidden: tf.Tensor3D, prefixColumns: tf.Tensor2D, prefixes: number): tf.Tensor3D {
  return tf.tidy(() => {
    const [batch, , width] = hidden.shape;
    const found = gatherRows(hidden, prefixColumns);
    return tf.reshape(found, [batch, prefixColumns.shape[1] / prefixes, prefixes * width]);
  });
}

/** Attention of one learned query to the bytes of a word. */
export interface WordQueryParams {
  /** `[width]`. */
  readonly query: tf.Tensor1D;
  readonly key: LinearParams;
  readonly value: LinearParams;
  readonly out: LinearParams;
}

/**
 * One vector a word by cross-attention of a learned query (Byte2Word, arXiv 2211.12677, section 2: our reading, as there
 * is no public code).
 *
 * @param hidden - `[B, N, width]`, float32: embeddings of bytes, with their places.
 * @param wordOf - `[B, N]`.
 * @param numbers - `[W]`, float32: 0, 1, ….
 * @param heads - Divides the width.
 * @returns `[B, W, width]`; words that a row does not have get the mean of its values.
 */
export function attendToWords(
  hidden: tf.Tensor3D,
  wordOf: tf.Tensor2D,
  numbers: tf.Tensor1D,
  { params, heads }: { readonly params: WordQueryParams; readonly heads: number },
): tf.Tensor3D {
  return tf.tidy(() => {
    const [batch, length, width] = hidden.shape;
    const words = numbers.size;
    const dim = width / heads;
    const split = (x: tf.Tensor) => tf.transpose(tf.reshape(x, [batch, length, heads, dim]), [0, 2, 1, 3]);
    const keys = split(linear(hidden, params.key));
    const query = tf.reshape(params.query, [1, heads, 1, dim]);
    const scores = tf.mul(tf.sum(tf.mul(keys, query), 3), 1 / Math.sqrt(dim));
    const hiddenFrom = tf.mul(tf.sub(1, membersOf(wordOf, numbers)), hiddenScore);
    const byWord = tf.add(tf.expandDims(scores, 2), tf.reshape(hiddenFrom, [batch, 1, words, length]));
    const mixed = tf.matMul(tf.softmax(byWord) as tf.Tensor4D, split(linear(hidden, params.value)) as tf.Tensor4D);
    return linear(tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, words, width]), params.out) as tf.Tensor3D;
  });
}

/** `[B, W, N]`: 1 where a byte is of a word. */
function membersOf(wordOf: tf.Tensor2D, numbers: tf.Tensor1D): tf.Tensor {
  return tf.cast(tf.equal(tf.expandDims(wordOf, 1), tf.reshape(numbers, [1, numbers.size, 1])), 'float32');
}
