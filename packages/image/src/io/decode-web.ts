import { InputError, UnsupportedError } from '@tesserae/core/data';
import { avifOrientation } from './avif-orientation';
import type { Codec } from './codec';
import { fileOrientation, neutralOrientation } from './exif';
import { fetchBytes } from './fetch-bytes';
import { checkPixels } from './image-format';
import { headerSize } from './image-header';
import { storedPixels } from './orient';

const mediaTypes = { jpeg: 'image/jpeg', webp: 'image/webp', gif: 'image/gif', avif: 'image/avif' } as const;

export const readBytes: Codec['readBytes'] = async (input, name, signal) => {
  if (input instanceof Uint8Array) {
    return input;
  }
  if (typeof input === 'string' || input instanceof URL) {
    return fetchBytes(String(input), name, signal);
  }
  return new Uint8Array(await input.arrayBuffer());
};

export const decodeImage: Codec['decodeImage'] = async (bytes, format, name, maxPixels) => {
  if (format === 'tiff') {
    throw new UnsupportedError(`${name} (tiff)`, 'browsers do not decode TIFF; convert it to PNG.');
  }
  const size = headerSize(bytes, format);
  if (size) {
    checkPixels(name, size.width, size.height, maxPixels);
  }
  // Browsers always apply the orientation, so it is taken out first; that of AVIF is undone afterwards.
  const oriented = format === 'jpeg' || format === 'webp';
  const upright = oriented ? neutralOrientation(bytes, format) : bytes;
  const blob = new Blob([upright as Uint8Array<ArrayBuffer>], { type: mediaTypes[format] });
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(blob, {
      premultiplyAlpha: 'none',
      colorSpaceConversion: 'none',
    });
  } catch (cause) {
    throw new InputError(name, `a complete ${format} file`, 'one that the browser refuses', {
      code: 'undecodable',
      cause,
    });
  }
  const { width, height } = bitmap;
  try {
    checkPixels(name, width, height, maxPixels);
    const context = contextOf(width, height);
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, width, height);
    const pixels = {
      width,
      height,
      channels: 4,
      data: new Uint8Array(data.buffer, data.byteOffset, data.length),
    } as const;
    if (format === 'avif') {
      const orientation = avifOrientation(bytes);
      return { ...storedPixels(pixels, orientation), orientation, warnings: [] };
    }
    return { ...pixels, orientation: oriented ? fileOrientation(bytes, format) : 1, warnings: [] };
  } finally {
    bitmap.close();
  }
};

export const encodePixels: Codec['encodePixels'] = async ({ width, height, channels, data }, format, quality) => {
  if (format !== 'jpeg' && format !== 'webp') {
    throw new UnsupportedError(`writing ${format}`, 'browsers write PNG, JPEG and WebP.');
  }
  const context = contextOf(width, height);
  const image = context.createImageData(width, height);
  for (let from = 0, to = 0; to < image.data.length; from += channels, to += 4) {
    const step = channels === 1 ? 0 : 1;
    image.data[to] = data[from]!;
    image.data[to + 1] = data[from + step]!;
    image.data[to + 2] = data[from + step * 2]!;
    image.data[to + 3] = channels === 4 ? data[from + 3]! : 255;
  }
  context.putImageData(image, 0, 0);
  const options = { type: mediaTypes[format], ...(quality === undefined ? {} : { quality: quality / 100 }) };
  const blob = await context.canvas.convertToBlob(options);
  if (blob.type !== mediaTypes[format]) {
    throw new UnsupportedError(`writing ${format}`, 'this browser has no encoder for it.');
  }
  return new Uint8Array(await blob.arrayBuffer());
};

export const writeFile: Codec['writeFile'] = () =>
  Promise.reject(new UnsupportedError('writeImage', 'there are no files in a browser; call encodeImage.'));

function contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) {
    throw new UnsupportedError('decoding pictures', `this browser gives no canvas of ${width} x ${height} pixels.`);
  }
  return context;
}
