import type * as tf from '@tensorflow/tfjs-core';
import type { FileInput } from './signal';

/** A picture as plain data. */
export interface ImageSignal {
  readonly modality: 'image';
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Grey, RGB or RGBA (alpha not premultiplied). */
  readonly channels: 1 | 3 | 4;
  /** `[height, width, channels]`, row-major: bytes 0..255 or floats 0..1. */
  readonly data: Uint8Array | Uint8ClampedArray | Float32Array;
}

/** A tensor is `[height, width, channels]`: int32 0..255 or float32 0..1; it is read, never disposed. */
export type ImageInput = ImageSignal | FileInput | tf.Tensor3D;
