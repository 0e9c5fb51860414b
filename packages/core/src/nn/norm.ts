import type * as tf from '@tensorflow/tfjs-core';

/** Scale and offset of a normalisation, `[features]` each: PyTorch's `weight` and `bias`. */
export interface NormParams {
  readonly scale: tf.Tensor1D;
  readonly offset?: tf.Tensor1D;
}
