import { UnsupportedError, type ImageSignal } from '@tesserae/core';
import { psnr } from '@tesserae/core/metrics';
import { encodeImage } from '@tesserae/image';
import { rgbPicture } from '../io/pictures';

export interface Yardstick {
  readonly bytes: number;
  /** The codec's lowest quality is better than what was asked for: nothing smaller exists. */
  readonly smallest: boolean;
}

/**
 * The smallest file of an ordinary codec with at least this PSNR, by bisection over its quality setting. Undefined
 * where the codec is not installed.
 */
export async function bytesForQuality(
  picture: ImageSignal,
  format: 'webp' | 'jpeg',
  decibels: number,
): Promise<Yardstick | undefined> {
  try {
    let low = 1;
    let high = 100;
    let best = await measure(picture, format, low);
    if (best.psnr >= decibels) return { bytes: best.bytes, smallest: true };
    best = await measure(picture, format, high);
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const found = await measure(picture, format, middle);
      if (found.psnr >= decibels) {
        high = middle;
        best = found;
      } else {
        low = middle;
      }
    }
    return { bytes: best.bytes, smallest: false };
  } catch (error) {
    if (error instanceof UnsupportedError) return undefined;
    throw error;
  }
}

async function measure(picture: ImageSignal, format: 'webp' | 'jpeg', quality: number) {
  const bytes = await encodeImage(picture, { format, quality });
  return { bytes: bytes.length, psnr: psnr(picture, await rgbPicture(bytes)).value };
}
