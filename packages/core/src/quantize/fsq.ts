import * as tf from '@tensorflow/tfjs-core';
import { mixedRadixDigits, mixedRadixNumbers, placeValues } from './integer-division';

/**
 * How a component is squeezed between its lowest and highest level before it is rounded.
 *
 * - `tanh`: the paper's (arXiv 2309.15505) and Cosmos': `tanh(z + shift) · (L - 1)(1 + 1e-3) / 2 - offset`, rounded half to even.
 * - `symmetric`: codes evenly spaced over -1..1, `floor((L - 1)(tanh z + 1) / 2 + 1 / 2)`; needed for two levels
 *   (arXiv 2411.19842, section 3.2).
 * - `sigmoid`: every level has a bin of the same width, `L · sigmoid(2z) - 1 / 2`, rounded half to even; the starter models.
 * - `s3`: `0.9990000128746033 · tanh z`, rounded half to even; three levels (S3Tokenizer v2, CosyVoice 2 and 3).
 */
export type FsqBound = 'tanh' | 'symmetric' | 'sigmoid' | 's3';

export interface FsqConfig {
  /** Levels of each component, at least 2: `[8, 5, 5, 5]`. Component 0 is the least significant in ids. */
  readonly levels: readonly number[];
  readonly bound: FsqBound;
  /** `tanh` and `symmetric`: cut at -1 and 1 instead of squeezing by tanh, where vectors are bounded already. Default false. */
  readonly hardClamp?: boolean;
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
export function fsqDigits(z: tf.Tensor, config: FsqConfig, { round = tf.round }: FsqOptions = {}): tf.Tensor {
  const { levels, bound } = config;
  return tf.tidy(() => {
    const squeezed = squeeze(z, config);
    const digits = round(squeezed);
    switch (bound) {
      case 'tanh':
        return tf.add(digits, perLevel(levels, lowerHalf));
      case 'symmetric':
        // Half up: 0 or 1 more than half to even, without gradient.
        return tf.add(digits, tf.sub(tf.floor(tf.add(squeezed, 0.5)), tf.round(squeezed)));
      case 'sigmoid':
        // From above only: a saturated sigmoid reaches L - 1/2, which rounds to L where L is even. It is never below
        // -1/2, which rounds to 0, and a ramp there would take the gradient from level 0.
        return tf.minimum(
          digits,
          perLevel(levels, (count) => count - 1),
        );
      case 's3':
        return tf.add(digits, perLevel(levels, middleLevel));
    }
  });
}

/**
 * How far the closest component of every vector is from the next level's bin, in levels: 0 to 1/2.
 *
 * @param z - `[..., d]`.
 * @returns `[...]`, float32.
 */
export function fsqMargins(z: tf.Tensor, config: FsqConfig): tf.Tensor {
  return tf.tidy(() => {
    const squeezed = squeeze(z, config);
    return tf.sub(0.5, tf.max(tf.abs(tf.sub(squeezed, tf.round(squeezed))), -1));
  });
}

/** Values that the decoder sees: `[..., d]` levels to codes in -1..1. */
export function fsqCodes(digits: tf.Tensor, { levels, bound }: FsqConfig): tf.Tensor {
  return tf.tidy(() => {
    const middle = perLevel(levels, bound === 'tanh' ? lowerHalf : middleLevel);
    const half = perLevel(
      levels,
      bound === 'tanh' ? lowerHalf : bound === 'sigmoid' ? (count) => count / 2 : middleLevel,
    );
    return tf.div(tf.sub(digits, middle), half);
  });
}

/** `[..., d]` levels to ids `[...]`, int32: mixed radix, component 0 least significant. At most 2^31 codes. */
export function fsqIds(digits: tf.Tensor, config: FsqConfig): tf.Tensor {
  const { levels } = config;
  return tf.tidy(() =>
    fitsFloat(config)
      ? tf.cast(tf.round(tf.sum(tf.mul(digits, tf.tensor1d(placeValues(levels))), -1)), 'int32')
      : mixedRadixNumbers(tf.cast(tf.round(digits), 'int32'), levels),
  );
}

/** The inverse of {@link fsqIds}: ids `[...]`, int32, to levels `[..., d]`, float32. */
export function fsqDigitsOfIds(ids: tf.Tensor, config: FsqConfig): tf.Tensor {
  const { levels } = config;
  return tf.tidy(() => {
    if (!fitsFloat(config)) return tf.cast(mixedRadixDigits(ids, levels), 'float32');
    // Exact in float32: ids are below 2^24, and a quotient is never nearer to a whole number than 1 / base.
    const above = tf.floor(tf.div(tf.expandDims(tf.cast(ids, 'float32'), -1), tf.tensor1d(placeValues(levels))));
    const counts = tf.tensor1d([...levels]);
    return tf.sub(above, tf.mul(counts, tf.floor(tf.div(above, counts))));
  });
}

/**
 * The code of every id, `[K, d]`, in the order of ids. For small numbers of codes: nothing else here writes them down.
 */
export function fsqCodebook(config: FsqConfig): tf.Tensor2D {
  return tf.tidy(() => decodeFsq(tf.range(0, fsqVocabularySize(config), 1, 'int32'), config) as tf.Tensor2D);
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

function squeeze(z: tf.Tensor, { levels, bound, hardClamp = false }: FsqConfig): tf.Tensor {
  const bend = (x: tf.Tensor) => (hardClamp ? tf.clipByValue(x, -1, 1) : tf.tanh(x));
  switch (bound) {
    case 'tanh': {
      const half = (count: number) => ((count - 1) * (1 + 1e-3)) / 2;
      const offset = (count: number) => (count % 2 === 0 ? 0.5 : 0);
      const unbend = hardClamp ? (x: number) => x : Math.atanh;
      const shift = perLevel(levels, (count) => unbend(offset(count) / half(count)));
      return tf.sub(tf.mul(bend(tf.add(z, shift)), perLevel(levels, half)), perLevel(levels, offset));
    }
    case 'symmetric':
      return tf.mul(tf.add(bend(z), 1), perLevel(levels, middleLevel));
    case 'sigmoid':
      return tf.sub(
        tf.mul(
          tf.sigmoid(tf.mul(z, 2)),
          perLevel(levels, (count) => count),
        ),
        0.5,
      );
    case 's3':
      return tf.mul(bend(z), 0.9990000128746033);
  }
}

function perLevel(levels: readonly number[], value: (count: number) => number): tf.Tensor1D {
  return tf.tensor1d(levels.map(value));
}

function lowerHalf(count: number): number {
  return count >> 1;
}

function middleLevel(count: number): number {
  return (count - 1) / 2;
}

/** Whether every id is a whole number of float32, which is what all engines compute fastest in. */
function fitsFloat(config: FsqConfig): boolean {
  return fsqVocabularySize(config) <= 2 ** 24;
}
