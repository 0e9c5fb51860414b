import { InputError } from '../errors/input-error';
import type { ImageSignal } from '../signal/image-signal';
import { checkDataRange, imagePair, meanOf } from './image-pair';
import type { MetricResult } from './metric-result';
import { gaussianWindow, similarity, uniformWindow } from './similarity-map';

/**
 * Whose numbers to reproduce:
 * - `scikit-image`: uniform 7 x 7 window, sample covariance;
 * - `wang`: Gaussian window 11, sigma 1.5, population covariance (scikit-image's Gaussian option);
 * - `pytorch-msssim`: as `wang`, and `nonnegative` clips channels at 0;
 * - `llamagen`: as `scikit-image`, floats 0..1 with the range 2 that the LlamaGen and TokenFlow scripts pass, which
 *   makes values higher than theirs of other papers.
 */
export type SsimConvention = 'scikit-image' | 'wang' | 'pytorch-msssim' | 'llamagen';

export interface SsimOptions {
  /** Default `scikit-image`. */
  readonly convention?: SsimConvention;
  /** Largest minus smallest possible value; default 255 for bytes, 1 for floats, 2 for `llamagen`. */
  readonly dataRange?: number;
  /** Pixels, odd; default 7 for the uniform, 11 for the Gaussian window. */
  readonly windowSize?: number;
  /** Clip the value of a channel at 0; default false. */
  readonly nonnegative?: boolean;
}

/** Standard deviation of Gaussian windows, pixels. */
export const windowSigma = 1.5;

/**
 * Structural similarity, mean over the places where the window fits and over channels; 1 for equal pictures.
 *
 * @throws {InputError} The pictures differ in size, channels or type, or are smaller than the window.
 */
export function ssim(reference: ImageSignal, image: ImageSignal, options: SsimOptions = {}): MetricResult {
  const { convention = 'scikit-image', nonnegative = false } = options;
  const uniform = convention === 'scikit-image' || convention === 'llamagen';
  const pair = imagePair(reference, image, convention === 'llamagen' ? 'unit' : 'as-is');
  const windowSize = checkWindow(options.windowSize ?? (uniform ? 7 : 11), pair.width, pair.height);
  const dataRange = checkDataRange(options.dataRange ?? (convention === 'llamagen' ? 2 : pair.peak));
  const config = {
    window: uniform ? uniformWindow(windowSize) : gaussianWindow(windowSize, windowSigma),
    dataRange,
    covarianceFactor: uniform ? windowSize ** 2 / (windowSize ** 2 - 1) : 1,
  };
  const values = pair.channels.map(([a, b]) => {
    const value = similarity({ width: pair.width, height: pair.height, reference: a, image: b }, config).ssim;
    return nonnegative ? Math.max(0, value) : value;
  });
  return {
    value: meanOf(values),
    protocol: {
      metric: 'ssim',
      convention,
      dataRange,
      window: uniform ? `uniform ${windowSize}` : `gaussian ${windowSize}, sigma ${windowSigma}`,
      covariance: uniform ? 'sample' : 'population',
      nonnegative,
    },
  };
}

/** @throws {InputError} No odd number of at least 3, or larger than the picture. */
export function checkWindow(size: number, width: number, height: number): number {
  if (!Number.isInteger(size) || size < 3 || size % 2 === 0) {
    throw new InputError('windowSize', 'an odd number of at least 3', String(size));
  }
  if (width < size || height < size) {
    throw new InputError('image', `at least ${size} x ${size} pixels for a window of ${size}`, `${width} x ${height}`);
  }
  return size;
}
