import { InputError, UnsupportedError } from '@tesserae/core/data';
import type { ImageFormat } from './loaded-image';

/** Formats that are recognized only to say that they are not read. */
const foreign: readonly (readonly [name: string, magic: string, at: number])[] = [
  ['BMP', 'BM', 0],
  ['PSD', '8BPS', 0],
  ['JPEG XL', '\u00ff\n', 0],
  ['JPEG XL', 'JXL ', 4],
  ['JPEG 2000', 'jP  ', 4],
  ['PDF', '%PDF', 0],
  ['ICO', '\0\0\u0001\0', 0],
  ['QOI', 'qoif', 0],
  ['OpenEXR', 'v/1\u0001', 0],
];

const heifBrands = new Set(['avif', 'avis']);

/**
 * Tells an encoded picture's format by its first bytes; the file's name does not matter.
 *
 * @param name - How errors call the input.
 * @throws {InputError} `undecodable`: empty, or no picture. @throws {UnsupportedError} A picture of another format.
 */
export function sniffFormat(bytes: Uint8Array, name: string): ImageFormat {
  if (bytes.length === 0) {
    throw new InputError(name, 'an encoded picture', 'an empty file', { code: 'undecodable' });
  }
  const text = (start: number, end: number): string => String.fromCharCode(...bytes.subarray(start, end));
  const head = text(0, 16);
  if (head.startsWith('\u0089PNG\r\n\u001a\n')) {
    return 'png';
  }
  if (head.startsWith('\u00ff\u00d8\u00ff')) {
    return 'jpeg';
  }
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) {
    return 'gif';
  }
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') {
    return 'webp';
  }
  if (['II*\0', 'MM\0*', 'II+\0', 'MM\0+'].includes(head.slice(0, 4))) {
    return 'tiff';
  }
  if (head.slice(4, 8) === 'ftyp') {
    // Major brand, then the compatible ones.
    const length = Math.min(bytes.length, ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0));
    for (let at = 8; at + 4 <= length; at += at === 8 ? 8 : 4) {
      if (heifBrands.has(text(at, at + 4))) {
        return 'avif';
      }
    }
    throw new UnsupportedError(
      `${name} (HEIF or video, brand ${head.slice(8, 12)})`,
      'convert it to PNG, JPEG or AVIF.',
    );
  }
  for (const [format, magic, at] of foreign) {
    if (head.startsWith(magic, at)) {
      throw new UnsupportedError(`${name} (${format})`, 'convert it to PNG, JPEG, WebP, GIF, TIFF or AVIF.');
    }
  }
  const start = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  throw new InputError(
    name,
    'a PNG, JPEG, WebP, GIF, TIFF or AVIF file',
    `${bytes.length} bytes that are none, beginning with ${start} (raw pixels go into an ImageSignal)`,
    { code: 'undecodable' },
  );
}

/** @throws {InputError} `too-large` or, for a side of zero, `undecodable`. */
export function checkPixels(name: string, width: number, height: number, maxPixels: number): void {
  if (width < 1 || height < 1) {
    throw new InputError(name, 'at least 1 x 1 pixels', `${width} x ${height}`, { code: 'undecodable' });
  }
  if (width * height > maxPixels) {
    throw new InputError(
      name,
      `at most ${maxPixels} pixels (option maxPixels)`,
      `${width} x ${height} = ${width * height}`,
      { code: 'too-large' },
    );
  }
}
