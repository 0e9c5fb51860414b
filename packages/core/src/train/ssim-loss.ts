import * as tf from '@tensorflow/tfjs-core';
import { ShapeError } from '../errors/shape-error';

export interface SsimLossOptions {
  /** Largest minus smallest possible value. Default 1. */
  readonly dataRange?: number;
  /** Odd side of the Gaussian window in pixels. Default 11. */
  readonly window?: number;
  /** Standard deviation of the window in pixels. Default 1.5. */
  readonly sigma?: number;
}

/** Weights of the scales, finest first (Wang, Simoncelli and Bovik 2003). */
const scaleWeights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333] as const;

/**
 * `1 - SSIM`, differentiable: the mean over windows that lie inside, channels and pictures.
 *
 * @param output - `[B, H, W, C]`, sides at least as long as the window; `target` of the same shape.
 * @throws {ShapeError} The pictures are smaller than the window.
 */
export function ssimLoss(output: tf.Tensor4D, target: tf.Tensor4D, options: SsimLossOptions = {}): tf.Scalar {
  return tf.tidy(() => {
    const { luminance, structure } = similarity(output, target, options);
    return tf.sub(1, tf.mean(tf.mul(luminance, structure))) as tf.Scalar;
  });
}

/**
 * `1 - MS-SSIM` over `scales` halvings, with the weights of the published five, rescaled to sum 1. Negative structure
 * counts as 0, as roots of it do not exist.
 *
 * @param scales - 1 to 5. Default 3, for which 64 x 64 pixels are enough.
 * @throws {ShapeError} The smallest scale is smaller than the window.
 */
export function multiScaleSsimLoss(
  output: tf.Tensor4D,
  target: tf.Tensor4D,
  options: SsimLossOptions & { readonly scales?: number } = {},
): tf.Scalar {
  return tf.tidy(() => {
    const weights = scaleWeights.slice(0, options.scales ?? 3);
    const total = weights.reduce<number>((sum, weight) => sum + weight, 0);
    let [a, b] = [output, target];
    let product: tf.Tensor = tf.scalar(1);
    weights.forEach((weight, scale) => {
      const { luminance, structure } = similarity(a, b, options);
      const last = scale === weights.length - 1;
      const mean = tf.mean(last ? tf.mul(luminance, structure) : structure);
      // Away from 0, where the slope of the root is infinite.
      product = tf.mul(product, tf.pow(tf.add(tf.relu(mean), 1e-6), weight / total));
      if (!last) [a, b] = [tf.avgPool(a, 2, 2, 'valid'), tf.avgPool(b, 2, 2, 'valid')];
    });
    return tf.sub(1, product) as tf.Scalar;
  });
}

function similarity(
  output: tf.Tensor4D,
  target: tf.Tensor4D,
  { dataRange = 1, window = 11, sigma = 1.5 }: SsimLossOptions,
): { readonly luminance: tf.Tensor; readonly structure: tf.Tensor } {
  const [, height, width, channels] = output.shape;
  if (height < window || width < window)
    throw new ShapeError('ssim loss: output', `sides of at least ${window} pixels`, output.shape);
  const filter = gaussian(window, sigma, channels);
  const blur = (x: tf.Tensor) => tf.depthwiseConv2d(x as tf.Tensor4D, filter, 1, 'valid');
  const [c1, c2] = [(0.01 * dataRange) ** 2, (0.03 * dataRange) ** 2];
  const [meanA, meanB] = [blur(output), blur(target)];
  const [squareA, squareB, both] = [tf.square(meanA), tf.square(meanB), tf.mul(meanA, meanB)];
  const varianceA = tf.sub(blur(tf.square(output)), squareA);
  const varianceB = tf.sub(blur(tf.square(target)), squareB);
  const covariance = tf.sub(blur(tf.mul(output, target)), both);
  return {
    luminance: tf.div(tf.add(tf.mul(both, 2), c1), tf.add(tf.add(squareA, squareB), c1)),
    structure: tf.div(tf.add(tf.mul(covariance, 2), c2), tf.add(tf.add(varianceA, varianceB), c2)),
  };
}

/** `[window, window, channels, 1]`, sum 1 a channel. */
function gaussian(window: number, sigma: number, channels: number): tf.Tensor4D {
  const line = Array.from({ length: window }, (_, i) => Math.exp(-((i - (window - 1) / 2) ** 2) / (2 * sigma ** 2)));
  const sum = line.reduce((total, value) => total + value, 0);
  const values = line.flatMap((y) => line.flatMap((x) => new Array<number>(channels).fill((x * y) / sum ** 2)));
  return tf.tensor4d(values, [window, window, channels, 1]);
}
