import * as tf from '@tensorflow/tfjs-core';

/** Which steps a step sees. */
export interface Band {
  /** Steps up to and including the own one. */
  readonly context: number;
  /**
   * Steps that are written before any of them looks: 1 for whole clips. Streaming in the official code writes a frame of
   * several steps into a memory of `context` ones, so that the first of them have lost their oldest.
   */
  readonly group: number;
}

/** What the steps before a window left: `[B, heads, context - 1, width]`, the newest last. */
export interface BandMemory {
  readonly keys: tf.Tensor4D;
  readonly values: tf.Tensor4D;
  /** Steps before the window, `[1]`, float32: of fewer than there is room for, the first places are empty. */
  readonly steps: tf.Tensor1D;
}

/** Rows of queries at a time, so that scores do not grow with the square of the length. */
const blockRows = 256;
/** Added to scores that do not count: nothing of them is left by the softmax. */
const excluded = -1e9;

/**
 * Causal attention over a band.
 *
 * @param q - `[B, heads, T, width]`; `k`, `v` likewise. T is a multiple of the group where there is a memory.
 * @returns `[B, heads, T, width]`.
 */
export function attendBand(
  q: tf.Tensor4D,
  k: tf.Tensor4D,
  v: tf.Tensor4D,
  band: Band,
  memory?: BandMemory,
): tf.Tensor4D {
  const steps = q.shape[2];
  const known = memory ? band.context - 1 : 0;
  const keys = memory ? tf.concat([memory.keys, k], 2) : k;
  const values = memory ? tf.concat([memory.values, v], 2) : v;
  const empty = memory && emptyPlaces(memory.steps, band.context);
  const rows = blockRows * band.group;
  const blocks: tf.Tensor4D[] = [];
  for (let start = 0; start < steps; start += rows) {
    const end = Math.min(steps, start + rows);
    const low = Math.max(0, known + start - (band.context - 1));
    const seen = scoreBias(start, end, low - known, band);
    const bias = empty && low < known ? tf.add(seen, missing(empty, low, known, end)) : seen;
    blocks.push(
      attend(stepsOf(q, start, end), stepsOf(keys, low, known + end), stepsOf(values, low, known + end), bias),
    );
  }
  return blocks.length === 1 ? blocks[0]! : tf.concat(blocks, 2);
}

/** `softmax(q · kᵀ / sqrt(width) + bias) · v` for each head. */
function attend(q: tf.Tensor4D, k: tf.Tensor4D, v: tf.Tensor4D, bias: tf.Tensor): tf.Tensor4D {
  const scores = tf.matMul(tf.mul(q, 1 / Math.sqrt(q.shape[3])), k, false, true);
  return tf.matMul(tf.softmax(tf.add(scores, bias)), v) as tf.Tensor4D;
}

/** The last `context - 1` steps of keys or values, zeros where there are fewer. */
export function remembered(x: tf.Tensor4D, { context }: Band, before?: tf.Tensor4D): tf.Tensor4D {
  const all = before ? tf.concat([before, x], 2) : x;
  const missingSteps = context - 1 - all.shape[2];
  if (missingSteps <= 0) return stepsOf(all, -missingSteps, all.shape[2]);
  return tf.pad(all, [
    [0, 0],
    [0, 0],
    [missingSteps, 0],
    [0, 0],
  ]);
}

/** 0 where the query of a row sees the step of a column, `[end - start, end - first]`; steps count from the window. */
function scoreBias(start: number, end: number, first: number, { context, group }: Band): tf.Tensor2D {
  const columns = end - first;
  const data = new Float32Array((end - start) * columns);
  for (let query = start; query < end; query += 1) {
    const written = query - (query % group) + group - 1;
    for (let column = 0; column < columns; column += 1) {
      const step = first + column;
      if (step > query || step <= written - context) data[(query - start) * columns + column] = excluded;
    }
  }
  return tf.tensor2d(data, [end - start, columns]);
}

/** For every place of a memory: 0 where a step is, what excludes it otherwise, `[context - 1]`. */
function emptyPlaces(steps: tf.Tensor1D, context: number): tf.Tensor1D {
  const needed = tf.tensor1d(Float32Array.from({ length: context - 1 }, (_, place) => context - 1 - place));
  return tf.mul(tf.minimum(tf.sub(steps, needed), 0), -excluded);
}

/** Places `low` to `known` of a memory, and zeros for the steps of the window. */
function missing(empty: tf.Tensor1D, low: number, known: number, end: number): tf.Tensor1D {
  return tf.concat([tf.slice(empty, low, known - low), tf.zeros([end]) as tf.Tensor1D]);
}

function stepsOf(x: tf.Tensor4D, from: number, to: number): tf.Tensor4D {
  if (from === 0 && to === x.shape[2]) return x;
  return tf.slice(x, [0, 0, from, 0], [x.shape[0], x.shape[1], to - from, x.shape[3]]);
}
