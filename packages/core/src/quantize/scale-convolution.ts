import * as tf from '@tensorflow/tfjs-core';
import { conv2d, type Conv2dParams } from '../nn/conv2d';
import { roundHalfEven } from '../raster/raster';

/**
 * The convolution after enlarging, φ: `(1 - ratio) · x + ratio · conv3x3(x)`.
 *
 * @param x - `[B, H, W, C]`.
 * @param params - Kernel `[3, 3, C, C]`; `undefined` leaves `x` as it is.
 * @param ratio - Share of the convolution, 0..1.
 */
export function blendConvolution(x: tf.Tensor4D, params: Conv2dParams | undefined, ratio: number): tf.Tensor4D {
  if (!params) return x;
  return tf.tidy(() => tf.add(tf.mul(x, 1 - ratio), tf.mul(conv2d(x, params), ratio)) as tf.Tensor4D);
}

/**
 * Which of `count` convolutions a scale uses in VAR: the nearest of evenly spaced ticks to the place of the scale in
 * 0..1 (`PhiPartiallyShared`, models/quant.py). Ties are decided by the rounding of doubles, as there.
 *
 * @param scale - 0..`scales - 1`. A single scale uses the first convolution.
 */
export function nearestTick(count: number, scale: number, scales: number): number {
  const at = scales > 1 ? scale / (scales - 1) : 0;
  const margin = 1 / (count === 4 ? 3 : 2) / count;
  const last = 1 - margin;
  const step = (last - margin) / (count - 1);
  let best = 0;
  let least = Infinity;
  for (let tick = 0; tick < count; tick += 1) {
    const place = tick > 0 && tick === count - 1 ? last : tick === 0 ? margin : tick * step + margin;
    const distance = Math.abs(place - at);
    if (distance < least) [best, least] = [tick, distance];
  }
  return best;
}

/** Which of `count` convolutions a scale uses in `HierarchicalVQ`: its place times `count - 1`, rounded half to even. */
export function roundedPlace(count: number, scale: number, scales: number): number {
  if (count === scales) return scale;
  return scales > 1 ? Math.min(count - 1, roundHalfEven((scale / (scales - 1)) * (count - 1))) : 0;
}
