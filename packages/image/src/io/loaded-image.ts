import type { ImageSignal } from '@tesserae/core';

/** Encoded formats, told apart by content. */
export type ImageFormat = 'png' | 'jpeg' | 'webp' | 'gif' | 'tiff' | 'avif';

/** A picture and how it was found. */
export interface LoadedImage extends ImageSignal {
  /** `pixels` and `tensor`: not read from a file. */
  readonly format: ImageFormat | 'pixels' | 'tensor';
  /** EXIF orientation of the file, 1..8; 1 = upright or not stated. */
  readonly orientation: number;
  /** The orientation that was undone, if any (`orient: 'exif'`). */
  readonly rotated?: number;
  /** What a careful reader should know, `16-bit grey saturated at 255 …`. */
  readonly warnings: readonly string[];
}

/** What a decoder gives. Bytes 0..255. */
export interface DecodedImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3 | 4;
  readonly data: Uint8Array;
  readonly orientation: number;
  readonly warnings: readonly string[];
}
