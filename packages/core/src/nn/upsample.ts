import * as tf from '@tensorflow/tfjs-core';

/** Nearest-neighbour enlargement by an integer factor: `[B, H, W, C]` to `[B, H * factor, W * factor, C]`. */
export function upsampleNearest(x: tf.Tensor4D, factor: number): tf.Tensor4D {
  return tf.image.resizeNearestNeighbor(x, [x.shape[1] * factor, x.shape[2] * factor]);
}
