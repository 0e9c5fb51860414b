import * as tf from '@tensorflow/tfjs-core';

/** What stands before and after a sequence: its mirror image without the edge, zeros, or the edge again. */
export type TimePadding = 'reflect' | 'zero' | 'replicate';

/**
 * A sequence with more steps at both ends.
 *
 * A sequence too short to be mirrored is first followed by zeros, which are taken off again at the end, as EnCodec's
 * `pad1d` does.
 *
 * @param x - `[B, T, C]`, T at least 1.
 * @param before - Steps in front.
 * @param after - Steps behind.
 * @returns `[B, before + T + after, C]`.
 */
export function padTime(x: tf.Tensor3D, before: number, after: number, mode: TimePadding): tf.Tensor3D {
  if (before === 0 && after === 0) return x;
  return tf.tidy(() => {
    if (mode === 'zero') return tf.pad(x, sides(before, after));
    if (mode === 'replicate') return replicated(x, before, after);
    const missing = Math.max(0, Math.max(before, after) - x.shape[1] + 1);
    const long = missing === 0 ? x : tf.pad(x, sides(0, missing));
    const mirrored = tf.mirrorPad(long, sides(before, after), 'reflect');
    return missing === 0 ? mirrored : firstSteps(mirrored, mirrored.shape[1] - missing);
  });
}

/** The first steps of a sequence `[B, T, C]`. */
export function firstSteps(x: tf.Tensor3D, steps: number, from = 0): tf.Tensor3D {
  return tf.slice(x, [0, from, 0], [x.shape[0], steps, x.shape[2]]);
}

function sides(before: number, after: number): [number, number][] {
  return [
    [0, 0],
    [before, after],
    [0, 0],
  ];
}

function replicated(x: tf.Tensor3D, before: number, after: number): tf.Tensor3D {
  const edges = [
    ...(before > 0 ? [tf.tile(firstSteps(x, 1), [1, before, 1])] : []),
    x,
    ...(after > 0 ? [tf.tile(firstSteps(x, 1, x.shape[1] - 1), [1, after, 1])] : []),
  ];
  return tf.concat(edges, 1);
}
