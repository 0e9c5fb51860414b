import type { ImageSignal } from './image-signal';
import type { FileInput } from './signal';

export interface VideoFrame extends ImageSignal {
  readonly timestampSeconds: number;
}

/** A clip as plain data. */
export interface VideoSignal {
  readonly modality: 'video';
  readonly width: number;
  readonly height: number;
  readonly frameCount: number;
  readonly framesPerSecond: number;
  /** RGB, `[frameCount, height, width, 3]`: bytes 0..255 or floats 0..1. */
  readonly data: Uint8Array | Float32Array;
}

export type VideoInput = VideoSignal | FileInput | AsyncIterable<VideoFrame>;
