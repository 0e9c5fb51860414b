import type { FileInput, ImageInput, ImageSignal } from '@tesserae/core';
import { InputError } from '@tesserae/core/data';
import { decodeImage, readBytes } from '#codec';
import { checkImageSignal, kindOf } from './check-image';
import { decodePng } from './decode-png';
import { checkPixels, sniffFormat } from './image-format';
import type { DecodedImage, LoadedImage } from './loaded-image';
import { uprightPixels } from './orient';
import { imageFromTensor, isTensorLike, type TensorLike } from './tensor-image';

/** A browser's `ImageData`, or one like it: RGBA bytes. */
export interface ImageDataLike {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

/** Everything that {@link readImage} takes; a string is a path or URL, never content. */
export type ImageSource = ImageInput | TensorLike | ImageDataLike;

export interface ReadImageOptions {
  /** `exif`: turn the picture upright as its EXIF orientation says, once. Default `none`, like the official loaders. */
  readonly orient?: 'none' | 'exif';
  /** Largest width x height, checked in the header before anything is decoded. Default 100 million. */
  readonly maxPixels?: number;
  readonly signal?: AbortSignal;
}

export const defaultMaxPixels = 100_000_000;

/**
 * Reads a picture. Files are told apart by content; color profiles are ignored and alpha is kept.
 *
 * PNG is decoded here, exactly and on every platform; the other formats by sharp (Node) or the browser.
 *
 * @returns Bytes from files and int32 tensors; given signals are passed on, checked, not copied.
 * @throws {InputError} `unreadable`, `undecodable`, `too-large`, `not-finite`, `invalid-argument`.
 * @throws {UnsupportedError} The format is not read here, or its decoder is not installed.
 */
export async function readImage(input: ImageSource, options: ReadImageOptions = {}): Promise<LoadedImage> {
  const { orient = 'none', maxPixels = defaultMaxPixels, signal } = options;
  if (orient !== 'none' && orient !== 'exif') {
    throw new InputError('orient', "'none' or 'exif'", kindOf(orient));
  }
  if (!(maxPixels >= 1)) {
    throw new InputError('maxPixels', 'a number of at least 1', String(maxPixels));
  }
  signal?.throwIfAborted();
  if (typeof input === 'string' || isFileObject(input)) {
    return readFileInput(input, orient, maxPixels, signal);
  }
  if (typeof input === 'object' && input !== null) {
    const tensor = isTensorLike(input);
    const image = tensor ? await imageFromTensor(input, 'input') : asSignal(input);
    if (image) {
      checkImageSignal(image, 'input');
      checkPixels('input', image.width, image.height, maxPixels);
      return { ...image, format: tensor ? 'tensor' : 'pixels', orientation: 1, warnings: [] };
    }
  }
  throw new InputError(
    'input',
    "a path, URL, Uint8Array or Blob with an encoded picture, an ImageSignal { modality: 'image', width, height, channels, data }, or a tensor [height, width, channels]",
    kindOf(input),
  );
}

async function readFileInput(
  input: FileInput,
  orient: 'none' | 'exif',
  maxPixels: number,
  signal: AbortSignal | undefined,
): Promise<LoadedImage> {
  const name = nameOf(input);
  const bytes = await readBytes(input, name, signal);
  signal?.throwIfAborted();
  const format = sniffFormat(bytes, name);
  const decoded =
    format === 'png' ? await decodePng(bytes, name, maxPixels) : await decodeImage(bytes, format, name, maxPixels);
  signal?.throwIfAborted();
  const { orientation, warnings } = decoded;
  if (orient === 'none' || orientation === 1) {
    return { ...pixelsOf(decoded), format, orientation, warnings };
  }
  return { ...pixelsOf(uprightPixels(decoded, orientation)), format, orientation, rotated: orientation, warnings };
}

function pixelsOf({ width, height, channels, data }: Omit<DecodedImage, 'orientation' | 'warnings'>): ImageSignal {
  return { modality: 'image', width, height, channels, data };
}

function isFileObject(input: unknown): input is URL | Uint8Array | Blob {
  return input instanceof URL || input instanceof Uint8Array || (typeof Blob !== 'undefined' && input instanceof Blob);
}

function asSignal(input: object): ImageSignal | undefined {
  if ('modality' in input && input.modality === 'image') {
    return input as ImageSignal;
  }
  const { width, height, data } = input as Partial<ImageDataLike>;
  const pixels = data instanceof Uint8ClampedArray && width !== undefined && height !== undefined;
  if (pixels && !('channels' in input) && data.length === width * height * 4) {
    return { modality: 'image', width, height, channels: 4, data };
  }
  return undefined;
}

function nameOf(input: FileInput): string {
  if (typeof input === 'string') {
    return input.length > 200 ? `${input.slice(0, 200)}…` : input;
  }
  return input instanceof URL ? input.href.slice(0, 200) : 'input';
}
