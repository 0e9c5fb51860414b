import { InputError } from '../errors/input-error';
import { checkRaster, roundHalfEven, type Box, type OwnedRaster, type Raster } from './raster';

/**
 * Cuts a rectangle out. Parts outside the picture are filled with zeros (`fill: 'zero'`, like Pillow's `crop`) or with
 * the nearest border pixel (`fill: 'edge'`).
 *
 * @param box - Whole pixels, may reach beyond the picture.
 */
export function crop(image: Raster, box: Box, fill: 'zero' | 'edge' = 'zero'): OwnedRaster {
  checkRaster('image', image);
  const [left, top, right, bottom] = box;
  if (!box.every(Number.isInteger) || left >= right || top >= bottom) {
    throw new InputError('box', 'left < right and upper < lower in whole pixels', `[${box.join(', ')}]`);
  }
  const { channels, data } = image;
  const width = right - left;
  const out = new Uint8Array(width * (bottom - top) * channels);
  const insideLeft = Math.min(Math.max(left, 0), image.width);
  const insideRight = Math.min(Math.max(right, 0), image.width);
  for (let y = top; y < bottom; y++) {
    const sourceRow = Math.min(Math.max(y, 0), image.height - 1);
    if (fill === 'zero' && sourceRow !== y) {
      continue;
    }
    const source = sourceRow * image.width * channels;
    const target = (y - top) * width * channels;
    if (insideLeft < insideRight) {
      out.set(
        data.subarray(source + insideLeft * channels, source + insideRight * channels),
        target + (insideLeft - left) * channels,
      );
    }
    if (fill === 'edge') {
      const first = data.subarray(source, source + channels);
      const last = data.subarray(source + (image.width - 1) * channels, source + image.width * channels);
      for (let x = left; x < Math.min(0, right); x++) {
        out.set(first, target + (x - left) * channels);
      }
      for (let x = Math.max(image.width, left); x < right; x++) {
        out.set(last, target + (x - left) * channels);
      }
    }
  }
  return { width, height: bottom - top, channels, data: out };
}

/**
 * The rectangle that torchvision's `CenterCrop` cuts: margins round half to even, and where the picture is smaller it
 * is padded first, the larger half of an odd difference after it.
 *
 * @returns A box that may reach beyond the picture; {@link crop} fills that part with zeros.
 */
export function centerCropBox(width: number, height: number, cropWidth: number, cropHeight: number): Box {
  const left = centerOffset(width, cropWidth);
  const top = centerOffset(height, cropHeight);
  return [left, top, left + cropWidth, top + cropHeight];
}

function centerOffset(size: number, target: number): number {
  if (target <= size) {
    return roundHalfEven((size - target) / 2);
  }
  return -Math.floor((target - size) / 2);
}
