import type { FileInput } from '@tesserae/core';
import type { DecodedImage, ImageFormat } from './loaded-image';

/** Formats that pictures are written in. */
export type WriteFormat = 'png' | 'jpeg' | 'webp' | 'avif' | 'tiff' | 'gif';

/** 8-bit pixels on their way into a file. */
export interface EncodePixels {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly data: Uint8Array;
}

/** What a platform does for pictures; `decode-node.ts` and `decode-web.ts` export exactly this, reached as `#codec`. */
export interface Codec {
  /** @throws {InputError} `unreadable`, `too-large`. */
  readBytes(input: FileInput, name: string, signal?: AbortSignal): Promise<Uint8Array>;
  /** Anything but PNG. Orientation is reported, not applied. */
  decodeImage(
    bytes: Uint8Array,
    format: Exclude<ImageFormat, 'png'>,
    name: string,
    maxPixels: number,
  ): Promise<DecodedImage>;
  /** Anything but PNG. @param quality - 1..100. */
  encodePixels(pixels: EncodePixels, format: Exclude<WriteFormat, 'png'>, quality?: number): Promise<Uint8Array>;
  /** The file appears under its name only when it is complete. */
  writeFile(path: string | URL, bytes: Uint8Array): Promise<void>;
}
