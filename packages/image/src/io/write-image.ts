import type { ImageSignal } from '@tesserae/core';
import { InputError } from '@tesserae/core/data';
import { encode } from 'fast-png';
import { encodePixels, writeFile } from '#codec';
import { checkImageSignal, kindOf } from './check-image';
import type { EncodePixels, WriteFormat } from './codec';

export interface WriteImageOptions {
  /** Default: the file's ending; png without one. */
  readonly format?: WriteFormat;
  /** 1..100 for jpeg, webp, avif and tiff; default: the encoder's. */
  readonly quality?: number;
  readonly signal?: AbortSignal;
}

const formats: readonly WriteFormat[] = ['png', 'jpeg', 'webp', 'avif', 'tiff', 'gif'];
const endings: Readonly<Record<string, WriteFormat>> = { jpg: 'jpeg', tif: 'tiff' };

/**
 * Encodes a picture. PNG needs nothing installed and is lossless; the others need sharp (Node) or the browser.
 *
 * @param image - Floats are clamped to 0..1 and rounded.
 * @throws {InputError} The signal, format or quality is not valid. @throws {UnsupportedError} No encoder here.
 */
export async function encodeImage(image: ImageSignal, options: WriteImageOptions = {}): Promise<Uint8Array> {
  const { format = 'png', quality, signal } = options;
  if (!formats.includes(format)) {
    throw new InputError('format', formats.join(', '), kindOf(format));
  }
  if (quality !== undefined && !(Number.isInteger(quality) && quality >= 1 && quality <= 100)) {
    throw new InputError('quality', 'a whole number from 1 to 100', String(quality));
  }
  checkImageSignal(image, 'image');
  signal?.throwIfAborted();
  const pixels = toPixels(image);
  return format === 'png' ? encode({ ...pixels, depth: 8 }) : encodePixels(pixels, format, quality);
}

/**
 * {@link encodeImage} into a file, which appears under its name only when complete.
 *
 * @throws {UnsupportedError} In browsers: there are no files; use {@link encodeImage}.
 */
export async function writeImage(
  path: string | URL,
  image: ImageSignal,
  options: WriteImageOptions = {},
): Promise<void> {
  const format = options.format ?? formatOf(String(path));
  const bytes = await encodeImage(image, { ...options, format });
  options.signal?.throwIfAborted();
  await writeFile(path, bytes);
}

function formatOf(path: string): WriteFormat {
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? 'png';
  const format = endings[ending] ?? (ending as WriteFormat);
  if (!formats.includes(format)) {
    throw new InputError('path', `a file ending of ${formats.join(', ')} (or the option format)`, JSON.stringify(path));
  }
  return format;
}

function toPixels({ width, height, channels, data }: ImageSignal): EncodePixels {
  if (data instanceof Uint8Array) {
    return { width, height, channels, data };
  }
  const bytes = data instanceof Float32Array ? Uint8ClampedArray.from(data, (value) => value * 255) : data;
  return { width, height, channels, data: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) };
}
