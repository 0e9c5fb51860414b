import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors/shape-error';

/** Weights of {@link linear}, already in TensorFlow.js layout. */
export interface LinearParams {
  /** `[inFeatures, outFeatures]`: PyTorch's `weight`, transposed at load. */
  readonly kernel: tf.Tensor2D;
  /** `[outFeatures]`. */
  readonly bias?: tf.Tensor1D;
}

/**
 * Affine map over the last axis: `y = x · kernel + bias`.
 *
 * All leading axes are folded into rows first: a plain 2-D product is the only matmul that the wasm backend runs
 * through XNNPACK, and what the compiled engine turns into one Gemm.
 *
 * @param x - `[..., inFeatures]`, float32.
 * @returns `[..., outFeatures]`, float32.
 * @throws {ShapeError} If the last axis of `x` is not `inFeatures`.
 */
export function linear(x: tf.Tensor, { kernel, bias }: LinearParams): tf.Tensor {
  const [inFeatures, outFeatures] = kernel.shape;
  if (x.shape.at(-1) !== inFeatures) throw new ShapeError('linear: x', `[..., ${inFeatures}]`, x.shape);
  return tf.tidy(() => {
    // Not -1 for the rows: there may be none.
    const rows = tf.reshape(x, [x.size / inFeatures, inFeatures]);
    const product = tf.matMul(rows as tf.Tensor2D, kernel);
    const y = bias ? tf.add(product, bias) : product;
    return tf.reshape(y, [...x.shape.slice(0, -1), outFeatures]);
  });
}
