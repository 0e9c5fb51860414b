import { InputError } from '../errors/input-error';
import type { ImageSignal } from '../signal/image-signal';
import { checkDataRange, imagePair, meanOf } from './image-pair';
import type { MetricResult } from './metric-result';
import { gaussianWindow, type PlanePair, similarity, type SimilarityConfig } from './similarity-map';
import { checkWindow, windowSigma } from './ssim';

export interface MsSsimOptions {
  /** Largest minus smallest possible value; default 255 for bytes, 1 for floats. */
  readonly dataRange?: number;
  /** Pixels, odd; default 11. */
  readonly windowSize?: number;
  /** Exponent of each scale, fine to coarse; default the five of the paper. */
  readonly weights?: readonly number[];
}

/** @see Wang, Simoncelli, Bovik: Multi-scale structural similarity, 2003, section 3.2. */
const paperWeights: readonly number[] = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

/**
 * Multi-scale structural similarity with a Gaussian window in the conventions of `pytorch_msssim`: halving by means of
 * 2 x 2 pixels, odd sizes padded with zeros on both sides, every factor clipped at 0, mean over channels.
 *
 * @throws {InputError} The pictures differ in size, channels or type, or are too small for the scales (with the
 *   defaults: a side of 160 pixels or less).
 */
export function msSsim(reference: ImageSignal, image: ImageSignal, options: MsSsimOptions = {}): MetricResult {
  const { weights = paperWeights } = options;
  const { width, height, channels, peak } = imagePair(reference, image);
  const windowSize = checkWindow(options.windowSize ?? 11, width, height);
  if (weights.length === 0 || !weights.every((weight) => Number.isFinite(weight))) {
    throw new InputError('weights', 'at least one number', `[${weights.join(', ')}]`);
  }
  // The official check, which is written for five scales whatever the weights are.
  const smallest = (windowSize - 1) * 16;
  if (Math.min(width, height) <= smallest) {
    throw new InputError('image', `sides of more than ${smallest} pixels`, `${width} x ${height}`);
  }
  const dataRange = checkDataRange(options.dataRange ?? peak);
  const config = { window: gaussianWindow(windowSize, windowSigma), dataRange, covarianceFactor: 1 };
  const values = channels.map(([a, b]) => channelValue({ width, height, reference: a, image: b }, config, weights));
  return {
    value: meanOf(values),
    protocol: {
      metric: 'ms-ssim',
      convention: 'pytorch-msssim',
      dataRange,
      window: `gaussian ${windowSize}, sigma ${windowSigma}`,
      weights,
    },
  };
}

function channelValue(pair: PlanePair, config: SimilarityConfig, weights: readonly number[]): number {
  let scale = pair;
  let value = 1;
  for (const [index, weight] of weights.entries()) {
    checkWindow(config.window.length, scale.width, scale.height);
    const { ssim, contrast } = similarity(scale, config);
    const isLast = index === weights.length - 1;
    value *= Math.max(0, isLast ? ssim : contrast) ** weight;
    scale = isLast ? scale : halve(scale);
  }
  return value;
}

function halve({ width, height, reference, image }: PlanePair): PlanePair {
  return {
    width: Math.ceil(width / 2),
    height: Math.ceil(height / 2),
    reference: halvePlane(reference, width, height),
    image: halvePlane(image, width, height),
  };
}

/** Means of 2 x 2 pixels; an odd axis begins with half a window outside, where values are 0 and still count. */
function halvePlane(plane: Float64Array, width: number, height: number): Float64Array {
  const [outWidth, outHeight] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  const out = new Float64Array(outWidth * outHeight);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const row = (y + (height % 2)) >> 1;
      const column = (x + (width % 2)) >> 1;
      out[row * outWidth + column]! += plane[y * width + x]! / 4;
    }
  }
  return out;
}
