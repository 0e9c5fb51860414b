import * as tf from '@tensorflow/tfjs-core';

/**
 * How a component is squeezed between its lowest and highest level before it is rounded.
 *
 * - `tanh`: the paper's (arXiv 2309.15505) and Cosmos': `tanh(z + shift) · (L - 1)(1 + 1e-3) / 2 - offset`, rounded half to even.
 * - `symmetric`: codes evenly spaced over -1..1, `floor((L - 1)(tanh z + 1) / 2 + 1 / 2)`; needed for two levels.
 * - `sigmoid`: every level has a bin of the same width, `L · sigmoid(2z) - 1 / 2`, rounded half to even; the starter models.
 */
export type FsqBound = 'tanh' | 'symmetric' | 'sigmoid';

export interface FsqConfig {
  /** Levels of each component, at least 2: `[8, 5, 5, 5]`. Component 0 is the least significant in ids. */
  readonly levels: readonly number[];
  readonly bound: FsqBound;
}

export interface FsqOptions {
  /** Default `tf.round`; training passes one with a straight-through gradient. */
  readonly round?: (x: tf.Tensor) => tf.Tensor;
}

/** Number of codes, the product of the levels. */
export function fsqVocabularySize({ levels }: FsqConfig): number {
  return levels.reduce((product, count) => product * count, 1);
}

/**
 * Level of every component.
 *
 * @param z - `[..., levels.length]`, float32.
 * @returns Whole numbers `0..L - 1` as float32, same shape.
 */
export function fsqDigits(
  z: tf.Tensor,
  { levels, bound }: FsqConfig,
  { round = tf.round }: FsqOptions = {},
): tf.Tensor {
  return tf.tidy(() => {
    const digits = round(squeeze(z, levels, bound));
    const shifted = bound === 'tanh' ? tf.add(digits, tf.tensor1d(levels.map((count) => count >> 1))) : digits;
    // A saturated sigmoid reaches L - 1/2, which rounds to L where L is even.
    return bound === 'sigmoid' ? clamp(shifted, levels) : shifted;
  });
}

/** Values that the decoder sees: `[..., d]` levels to codes in -1..1. */
export function fsqCodes(digits: tf.Tensor, { levels, bound }: FsqConfig): tf.Tensor {
  return tf.tidy(() => {
    const middle = levels.map((count) => (bound === 'tanh' ? count >> 1 : (count - 1) / 2));
    const half = levels.map((count) =>
      bound === 'tanh' ? count >> 1 : bound === 'sigmoid' ? count / 2 : (count - 1) / 2,
    );
    return tf.div(tf.sub(digits, tf.tensor1d(middle)), tf.tensor1d(half));
  });
}

/** `[..., d]` levels to ids `[...]`, int32: mixed radix, component 0 least significant. */
export function fsqIds(digits: tf.Tensor, { levels }: FsqConfig): tf.Tensor {
  return tf.tidy(() => tf.cast(tf.round(tf.sum(tf.mul(digits, tf.tensor1d(bases(levels))), -1)), 'int32'));
}

/** The inverse of {@link fsqIds}: ids `[...]`, int32, to levels `[..., d]`, float32. */
export function fsqDigitsOfIds(ids: tf.Tensor, { levels }: FsqConfig): tf.Tensor {
  return tf.tidy(() => {
    // Exact in float32: ids are below 2^24, and a quotient is never nearer to a whole number than 1 / base.
    const above = tf.floor(tf.div(tf.expandDims(tf.cast(ids, 'float32'), -1), tf.tensor1d(bases(levels))));
    const counts = tf.tensor1d([...levels]);
    return tf.sub(above, tf.mul(counts, tf.floor(tf.div(above, counts))));
  });
}

/** Codes of ids, `[...]` to `[..., d]`. */
export function decodeFsq(ids: tf.Tensor, config: FsqConfig): tf.Tensor {
  return tf.tidy(() => fsqCodes(fsqDigitsOfIds(ids, config), config));
}

/**
 * Ids and codes of vectors.
 *
 * @param z - `[..., d]`, float32.
 * @returns `ids` `[...]`, int32; `codes` `[..., d]`.
 */
export function encodeFsq(z: tf.Tensor, config: FsqConfig): { readonly ids: tf.Tensor; readonly codes: tf.Tensor } {
  return tf.tidy(() => {
    const digits = fsqDigits(z, config);
    return { ids: fsqIds(digits, config), codes: fsqCodes(digits, config) };
  });
}

function squeeze(z: tf.Tensor, levels: readonly number[], bound: FsqBound): tf.Tensor {
  const perLevel = (value: (count: number) => number) => tf.tensor1d(levels.map(value));
  switch (bound) {
    case 'tanh': {
      const half = (count: number) => ((count - 1) * (1 + 1e-3)) / 2;
      const offset = (count: number) => (count % 2 === 0 ? 0.5 : 0);
      const shifted = tf.add(
        z,
        perLevel((count) => Math.atanh(offset(count) / half(count))),
      );
      return tf.sub(tf.mul(tf.tanh(shifted), perLevel(half)), perLevel(offset));
    }
    case 'symmetric':
      // floor(x + 1/2), but written so that one rounding function serves all bounds: ties are unreachable noise here.
      return tf.mul(
        tf.add(tf.tanh(z), 1),
        perLevel((count) => (count - 1) / 2),
      );
    case 'sigmoid':
      return tf.sub(
        tf.mul(
          tf.sigmoid(tf.mul(z, 2)),
          perLevel((count) => count),
        ),
        0.5,
      );
  }
}

function clamp(digits: tf.Tensor, levels: readonly number[]): tf.Tensor {
  // From above only: t is never below -1/2, which rounds to 0, and a ramp here would take the gradient from level 0.
  return tf.minimum(digits, tf.tensor1d(levels.map((count) => count - 1)));
}

function bases(levels: readonly number[]): number[] {
  let base = 1;
  return levels.map((count) => {
    const own = base;
    base *= count;
    return own;
  });
}
