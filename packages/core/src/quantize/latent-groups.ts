import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors/shape-error';

/**
 * Vectors that a model predicts together (xAR, arXiv 2502.20388), as a sequence of groups; pure reshapes.
 *
 * - `cell`: neighbors, `side` x `side` squares row by row.
 * - `subsample`: vectors that are `H / side` rows and `W / side` columns apart.
 *
 * @param latent - `[B, H, W, C]`, H and W divisible by `side`.
 * @returns `[B, H / side · W / side, side², C]`.
 * @throws {ShapeError} Sides that are not divisible.
 */
export function groupLatent(latent: tf.Tensor4D, side: number, kind: 'cell' | 'subsample'): tf.Tensor4D {
  const [batch, height, width, channels] = latent.shape;
  const [rows, columns] = gridOf(height, width, side);
  return tf.tidy(() => {
    const split = kind === 'cell' ? [rows, side, columns, side] : [side, rows, side, columns];
    const parts = tf.reshape(latent, [batch, ...split, channels]);
    const order = kind === 'cell' ? [0, 1, 3, 2, 4, 5] : [0, 2, 4, 1, 3, 5];
    return tf.reshape(tf.transpose(parts, order), [batch, rows * columns, side * side, channels]);
  });
}

/**
 * The inverse of {@link groupLatent}.
 *
 * @param groups - `[B, H / side · W / side, side², C]`.
 * @returns `[B, height, width, C]`.
 * @throws {ShapeError} Sides that are not divisible.
 */
export function ungroupLatent(
  groups: tf.Tensor4D,
  [height, width]: readonly [number, number],
  side: number,
  kind: 'cell' | 'subsample',
): tf.Tensor4D {
  const [batch, , , channels] = groups.shape;
  const [rows, columns] = gridOf(height, width, side);
  return tf.tidy(() => {
    const parts = tf.reshape(groups, [batch, rows, columns, side, side, channels]);
    const order = kind === 'cell' ? [0, 1, 3, 2, 4, 5] : [0, 3, 1, 4, 2, 5];
    return tf.reshape(tf.transpose(parts, order), [batch, height, width, channels]);
  });
}

function gridOf(height: number, width: number, side: number): readonly [number, number] {
  if (height % side !== 0 || width % side !== 0) {
    throw new ShapeError('groups of a latent: map', `sides divisible by ${side}`, [height, width]);
  }
  return [height / side, width / side];
}
