import * as tf from '@tensorflow/tfjs-core';
import { l2Normalize } from '../../quantize/nearest';
import { lookupCodebooks } from './codebook-search';
import type { CodebookState } from './ema-codebook';
import { perHead } from './kmeans';

/**
 * Codes that hardly any vector chooses, and what replaces them. All forms take the rows drawn, so that they draw
 * nothing; stacked codebooks `[H, K, D]`, as states of this package have them.
 */
export interface DeadCodeOptions {
  /** Codes whose average count is below are dead. */
  readonly threshold: number;
}

export interface ExpireCodesOptions extends DeadCodeOptions {
  /** Count that a replaced code starts with. Default: the threshold. */
  readonly resetCount?: number;
}

/**
 * The rule of vector-quantize-pytorch: the n-th dead code takes the n-th drawn row, count and sum start anew.
 *
 * @param rows - `[H, M, D]`, the batch; for cosine codebooks at length 1.
 * @param drawnRows - `[R]` or `[H, R]`, int32 in `0..M-1`: a permutation of the rows, or random numbers where codes may
 *   outnumber them. Fewer rows than dead codes are used again from the first.
 */
export function expireCodes(
  state: CodebookState,
  rows: tf.Tensor3D,
  drawnRows: tf.Tensor,
  { threshold, resetCount = threshold }: ExpireCodesOptions,
): CodebookState {
  return tf.tidy(() => {
    const isDead = tf.less(state.counts, threshold);
    const drawn = drawInOrder(isDead, perHead(drawnRows, rows.shape[0]));
    const replacements = lookupCodebooks(rows, drawn);
    const wide = tf.expandDims(isDead, -1);
    return {
      ...state,
      codes: tf.where(wide, replacements, state.codes),
      counts: tf.where(isDead, tf.fill(state.counts.shape, resetCount), state.counts),
      ...(state.sums && { sums: tf.where(wide, tf.mul(replacements, resetCount), state.sums) }),
    };
  });
}

/**
 * EnCodec's rule: code k takes drawn row k when it is dead; counts and sums stay. It runs before the update, which then
 * reads the codes out of the averages again: the replacement leaves no trace.
 *
 * @param rows - `[H, M, D]`.
 * @param drawnRows - `[K]` or more, or `[H, K]`: one candidate for each code.
 */
export function substituteCodes(
  state: CodebookState,
  rows: tf.Tensor3D,
  drawnRows: tf.Tensor,
  { threshold }: DeadCodeOptions,
): CodebookState {
  return tf.tidy(() => {
    const [heads, codes] = state.counts.shape as [number, number];
    return replaceCodes(state, lookupCodebooks(rows, perHead(drawnRows, heads, codes)), threshold);
  });
}

/**
 * 4M's `batch_random`: the n-th dead code takes the n-th drawn row at length 1, also in Euclidean codebooks; counts stay.
 *
 * @param rows - `[H, M, D]`, as they came, of any length.
 * @param drawnRows - As for {@link expireCodes}.
 */
export function replaceByRandomRows(
  state: CodebookState,
  rows: tf.Tensor3D,
  drawnRows: tf.Tensor,
  { threshold }: DeadCodeOptions,
): CodebookState {
  return tf.tidy(() => {
    const drawn = drawInOrder(tf.less(state.counts, threshold), perHead(drawnRows, rows.shape[0]));
    return replaceCodes(state, lookupCodebooks(l2Normalize(rows) as tf.Tensor3D, drawn), threshold);
  });
}

/**
 * 4M's `linde_buzo_gray`: the n-th dead code becomes the n-th most used one plus noise, at length 1; counts stay. The
 * noise of 1e-10 is lost in float32: the copies are duplicates.
 *
 * @param noise - `[K, D]` or `[H, K, D]`, standard normal; row n belongs to the n-th dead code.
 */
export function splitMostUsedCodes(
  state: CodebookState,
  noise: tf.Tensor,
  { threshold }: DeadCodeOptions,
): CodebookState {
  return tf.tidy(() => {
    const [heads, codes, dim] = state.codes.shape as [number, number, number];
    const { indices: mostUsedFirst } = tf.topk(state.counts, codes, true);
    const isDead = tf.less(state.counts, threshold);
    const noiseRows = tf.broadcastTo(noise, [heads, codes, dim]) as tf.Tensor3D;
    const order = tf.range(0, codes, 1, 'int32');
    const copies = lookupCodebooks(state.codes as tf.Tensor3D, drawInOrder(isDead, mostUsedFirst as tf.Tensor2D));
    const ownNoise = lookupCodebooks(noiseRows, drawInOrder(isDead, perHead(order, heads)));
    return replaceCodes(state, l2Normalize(tf.add(copies, tf.mul(ownNoise, 1e-10))), threshold);
  });
}

function replaceCodes(state: CodebookState, replacements: tf.Tensor, threshold: number): CodebookState {
  const isDead = tf.expandDims(tf.less(state.counts, threshold), -1);
  return { ...state, codes: tf.where(isDead, replacements, state.codes) };
}

/** `[H, K]`: for the n-th dead code element n of its head's draws, beginning again after the last; others get some draw. */
function drawInOrder(isDead: tf.Tensor, draws: tf.Tensor2D): tf.Tensor {
  const [heads, count] = draws.shape;
  const rank = tf.sub(tf.cumsum(tf.cast(isDead, 'int32'), 1), tf.scalar(1, 'int32'));
  const place = tf.mod(tf.maximum(rank, tf.scalar(0, 'int32')), tf.scalar(count, 'int32'));
  const column = tf.reshape(draws, [heads, count, 1]) as tf.Tensor3D;
  return tf.squeeze(lookupCodebooks(column, place), [-1]);
}
