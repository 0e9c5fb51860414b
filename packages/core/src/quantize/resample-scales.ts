import * as tf from '@tensorflow/tfjs-core';
import { InputError } from '../errors/input-error';
import { interpolationTaps } from '../raster/interpolation-taps';

/**
 * How a map becomes one of another size, as `torch.nn.functional.interpolate` does it.
 *
 * - `area`: adaptive average pooling, bins `[floor(i · n / m), ceil((i + 1) · n / m))`.
 * - `bilinear`, `bicubic` (a = -0.75): half-pixel centers, borders clamped, no antialias.
 */
export type ScaleResampling = 'area' | 'bilinear' | 'bicubic';

/**
 * The weights of one axis as a matrix: resampling is a product with it, also where `tf.image` has no such method.
 *
 * @param source - Length of the axis, at least 1.
 * @param size - Its length afterwards, at least 1.
 * @returns `[size, source]`, row-major; every row adds up to 1.
 * @throws {InputError} A length below 1.
 */
export function resampleWeights(source: number, size: number, method: ScaleResampling): Float32Array {
  for (const length of [source, size]) {
    if (!(Number.isInteger(length) && length >= 1)) {
      throw new InputError('length of an axis', 'a whole number of at least 1', String(length));
    }
  }
  const { count, index, weight } = interpolationTaps(source, size, method);
  const matrix = new Float64Array(size * source);
  index.forEach((from, tap) => {
    matrix[Math.floor(tap / count) * source + from]! += weight[tap]!;
  });
  return Float32Array.from(matrix);
}

/**
 * A map of another height and width, by one product with a small matrix along each axis. Differentiable in `x`.
 *
 * @param x - `[B, H, W, C]`, float32.
 * @param size - `[height, width]`; an axis that has the size already is left as it is.
 * @returns `[B, height, width, C]`, within float32 rounding of PyTorch.
 * @throws {InputError} A size below 1.
 */
export function resampleMap(
  x: tf.Tensor4D,
  [height, width]: readonly [number, number],
  method: ScaleResampling,
): tf.Tensor4D {
  const [batch, rows, columns, channels] = x.shape;
  // The product of the wasm backend has no answer for nothing.
  if (x.size === 0) return tf.zeros([batch, height, width, channels]);
  return tf.tidy(() => {
    const narrow = resampleMiddle(tf.reshape(x, [batch * rows, columns, channels]), width, method);
    const low = resampleMiddle(tf.reshape(narrow, [batch, rows, width * channels]), height, method);
    return tf.reshape(low, [batch, height, width, channels]);
  });
}

/**
 * A sequence of another length, as {@link resampleMap} along one axis.
 *
 * @param x - `[B, N, C]`, float32.
 * @returns `[B, length, C]`.
 * @throws {InputError} A length below 1.
 */
export function resampleSequence(x: tf.Tensor3D, length: number, method: ScaleResampling): tf.Tensor3D {
  return tf.tidy(() => tf.clone(resampleMiddle(x, length, method)));
}

function resampleMiddle(x: tf.Tensor3D, size: number, method: ScaleResampling): tf.Tensor3D {
  const source = x.shape[1];
  if (source === size) return x;
  const weights = tf.tensor3d(resampleWeights(source, size, method), [1, size, source]);
  return tf.matMul(weights, x);
}
