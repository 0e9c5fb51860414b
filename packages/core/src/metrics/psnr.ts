import type { ImageSignal } from '../signal/image-signal';
import { checkDataRange, imagePair } from './image-pair';
import type { MetricResult } from './metric-result';

export interface PsnrOptions {
  /** Largest minus smallest possible value; default 255 for bytes, 1 for floats. */
  readonly dataRange?: number;
}

/**
 * Peak signal-to-noise ratio in decibels: `10 log10(range^2 / mean squared error)` over all channels; infinity for equal
 * pictures. Published tables take the mean over images of this value.
 *
 * @throws {InputError} The pictures differ in size, channels or type.
 */
export function psnr(reference: ImageSignal, image: ImageSignal, options: PsnrOptions = {}): MetricResult {
  const { channels, peak } = imagePair(reference, image);
  const dataRange = checkDataRange(options.dataRange ?? peak);
  let sum = 0;
  let count = 0;
  for (const [a, b] of channels) {
    for (let pixel = 0; pixel < a.length; pixel += 1) {
      sum += (a[pixel]! - b[pixel]!) ** 2;
    }
    count += a.length;
  }
  const value = 10 * Math.log10(dataRange ** 2 / (sum / count));
  return { value, protocol: { metric: 'psnr', unit: 'dB', dataRange, values: peak === 255 ? 'bytes' : 'floats' } };
}
