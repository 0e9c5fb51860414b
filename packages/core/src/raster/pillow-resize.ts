import { InputError } from '../errors/input-error';
import { premultiply, unpremultiply } from './premultiply';
import { checkRaster, checkSize, type Box, type OwnedRaster, type Raster } from './raster';
import { resizeFilters, weightBits, weightWindows, type ResizeFilter, type WeightWindows } from './resize-filters';

export interface PillowResizeOptions {
  /** Part of the source to resample, in source pixels, fractions allowed (single precision). Default: all of it. */
  readonly box?: Box;
  /** Part of the result to compute, in result pixels. Default: all of it. Memory and time follow this part. */
  readonly window?: Box;
}

/**
 * `Image.resize` of Pillow 12, bit for bit: two passes, horizontal then vertical, with fixed-point weights, an 8-bit
 * intermediate and antialiasing. A pass that changes nothing is skipped. Grey + alpha and RGBA are resampled in
 * premultiplied form and converted back (not by `nearest`).
 *
 * @param image - Not changed.
 * @param width - Pixels of the whole result, of which `options.window` may select a part.
 * @throws {InputError} Sizes, box or window that make no sense.
 * @see image-2d 1, image-1d 0.1
 */
export function pillowResize(
  image: Raster,
  width: number,
  height: number,
  filter: ResizeFilter,
  options: PillowResizeOptions = {},
): OwnedRaster {
  checkRaster('image', image);
  checkSize('size', width, height);
  if (!resizeFilters.includes(filter)) {
    throw new InputError('filter', resizeFilters.join(', '), String(filter));
  }
  const box = checkBox(options.box ?? [0, 0, image.width, image.height], image);
  const window = checkWindow(options.window ?? [0, 0, width, height], width, height);
  const whole = box[0] === 0 && box[1] === 0 && box[2] === image.width && box[3] === image.height;
  if (whole && width === image.width && height === image.height) {
    return copyWindow(image, window);
  }
  if (filter === 'nearest') {
    return pickNearest(image, width, height, box, window);
  }
  if (image.channels === 2 || image.channels === 4) {
    return unpremultiply(convolve(premultiply(image), width, height, filter, box, window));
  }
  return convolve(image, width, height, filter, box, window);
}

function convolve(
  image: Raster,
  width: number,
  height: number,
  filter: Exclude<ResizeFilter, 'nearest'>,
  box: Box,
  window: Box,
): OwnedRaster {
  const [left, top, right, bottom] = window;
  const skipHorizontal = width === image.width && box[0] === 0 && box[2] === width;
  const skipVertical = height === image.height && box[1] === 0 && box[3] === height;
  const rows = skipVertical
    ? undefined
    : weightWindows(filter, image.height, [box[1], box[3]], height, [top, bottom - top]);
  // Only the source rows that the second pass reads go through the first one.
  const firstRow = rows ? rows.first[0]! : top;
  const lastRow = rows ? rows.first[bottom - top - 1]! + rows.length[bottom - top - 1]! : bottom;
  const strip = skipHorizontal
    ? copyWindow(image, [left, firstRow, right, lastRow])
    : horizontalPass(
        image,
        weightWindows(filter, image.width, [box[0], box[2]], width, [left, right - left]),
        firstRow,
        lastRow,
      );
  return rows ? verticalPass(strip, rows, firstRow) : strip;
}

const half = 1 << (weightBits - 1);

function horizontalPass(image: Raster, windows: WeightWindows, firstRow: number, lastRow: number): OwnedRaster {
  const { channels, data } = image;
  const { first, length, weights, stride } = windows;
  const width = first.length;
  const height = lastRow - firstRow;
  const out = new Uint8ClampedArray(width * height * channels);
  let at = 0;
  for (let y = firstRow; y < lastRow; y++) {
    const row = y * image.width * channels;
    for (let x = 0; x < width; x++) {
      const start = row + first[x]! * channels;
      const size = length[x]!;
      const weight = x * stride;
      if (channels === 3) {
        let red = half;
        let green = half;
        let blue = half;
        for (let k = 0, pixel = start; k < size; k++, pixel += 3) {
          const w = weights[weight + k]!;
          red = (red + Math.imul(data[pixel]!, w)) | 0;
          green = (green + Math.imul(data[pixel + 1]!, w)) | 0;
          blue = (blue + Math.imul(data[pixel + 2]!, w)) | 0;
        }
        out[at] = red >> weightBits;
        out[at + 1] = green >> weightBits;
        out[at + 2] = blue >> weightBits;
      } else {
        for (let channel = 0; channel < channels; channel++) {
          let sum = half;
          for (let k = 0, pixel = start + channel; k < size; k++, pixel += channels) {
            sum = (sum + Math.imul(data[pixel]!, weights[weight + k]!)) | 0;
          }
          out[at + channel] = sum >> weightBits;
        }
      }
      at += channels;
    }
  }
  return { width, height, channels, data: bytesOf(out) };
}

function verticalPass(image: Raster, windows: WeightWindows, firstRow: number): OwnedRaster {
  const { channels, data } = image;
  const { first, length, weights, stride } = windows;
  const height = first.length;
  const rowBytes = image.width * channels;
  const out = new Uint8ClampedArray(rowBytes * height);
  const sums = new Int32Array(rowBytes);
  for (let y = 0; y < height; y++) {
    sums.fill(half);
    const size = length[y]!;
    for (let k = 0; k < size; k++) {
      const w = weights[y * stride + k]!;
      const row = (first[y]! - firstRow + k) * rowBytes;
      for (let i = 0; i < rowBytes; i++) {
        sums[i] = sums[i]! + Math.imul(data[row + i]!, w);
      }
    }
    const target = y * rowBytes;
    for (let i = 0; i < rowBytes; i++) {
      out[target + i] = sums[i]! >> weightBits;
    }
  }
  return { width: image.width, height, channels, data: bytesOf(out) };
}

function pickNearest(image: Raster, width: number, height: number, box: Box, window: Box): OwnedRaster {
  const [left, top, right, bottom] = window;
  const { channels, data } = image;
  const columns = nearestIndices(box[0], box[2], width, left, right, image.width);
  const rows = nearestIndices(box[1], box[3], height, top, bottom, image.height);
  const out = new Uint8Array(columns.length * rows.length * channels);
  let at = 0;
  for (const y of rows) {
    for (const x of columns) {
      // Places outside the source stay zero.
      if (x >= 0 && y >= 0) {
        const pixel = (y * image.width + x) * channels;
        for (let channel = 0; channel < channels; channel++) {
          out[at + channel] = data[pixel + channel]!;
        }
      }
      at += channels;
    }
  }
  return { width: columns.length, height: rows.length, channels, data: out };
}

/** Adds the step up from the start instead of multiplying: the rounding of the sum decides which pixel is taken. */
function nearestIndices(
  start: number,
  end: number,
  size: number,
  from: number,
  to: number,
  sourceSize: number,
): Int32Array {
  const step = Math.fround(end - start) / size;
  const indices = new Int32Array(to - from);
  let position = start + step * 0.5;
  for (let i = 0; i < to; i++) {
    if (i >= from) {
      const index = position < 0 ? -1 : Math.trunc(position);
      indices[i - from] = index < sourceSize ? index : -1;
    }
    position += step;
  }
  return indices;
}

function copyWindow(image: Raster, [left, top, right, bottom]: Box): OwnedRaster {
  const { channels, data } = image;
  const rowBytes = (right - left) * channels;
  const out = new Uint8Array(rowBytes * (bottom - top));
  for (let y = top; y < bottom; y++) {
    const start = (y * image.width + left) * channels;
    out.set(data.subarray(start, start + rowBytes), (y - top) * rowBytes);
  }
  return { width: right - left, height: bottom - top, channels, data: out };
}

function bytesOf(data: Uint8ClampedArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}

function checkBox(box: Box, { width, height }: Raster): Box {
  const [left, upper, right, lower] = box.map(Math.fround) as unknown as Box;
  if (!(left >= 0 && upper >= 0 && right <= width && lower <= height && left < right && upper < lower)) {
    throw new InputError('box', `a rectangle inside ${width} x ${height}`, `[${box.join(', ')}]`);
  }
  return [left, upper, right, lower];
}

function checkWindow(window: Box, width: number, height: number): Box {
  const [left, top, right, bottom] = window;
  const inside = left >= 0 && top >= 0 && right <= width && bottom <= height && left < right && top < bottom;
  if (!inside || !window.every(Number.isInteger)) {
    throw new InputError('window', `whole pixels inside ${width} x ${height}`, `[${window.join(', ')}]`);
  }
  return window;
}
