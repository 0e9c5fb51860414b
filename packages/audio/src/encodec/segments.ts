import { type EncodecConfig } from './config';
import { hopLength } from '../seanet/config';

/** A stretch of a clip that is encoded by itself. */
export interface Segment {
  /** First sample. */
  readonly start: number;
  readonly samples: number;
  /** Frames of codes. */
  readonly frames: number;
}

/** Samples of a segment and between the starts of two; undefined where clips are encoded whole. */
export function segmentSizes({ segmentSeconds, sampleRate, overlap }: EncodecConfig) {
  if (segmentSeconds === null) return undefined;
  const length = Math.max(1, Math.floor(segmentSeconds * sampleRate));
  return { length, stride: Math.max(1, Math.floor((1 - overlap) * length)) };
}

/**
 * The segments of a clip: one begins at every multiple of the stride below its length, also where the one before
 * reaches the end, as in the official code.
 *
 * @param samples - At the rate of the model, at least 1.
 */
export function segmentsOf(config: EncodecConfig, samples: number): readonly Segment[] {
  const hop = hopLength(config.seanet);
  const { length, stride } = segmentSizes(config) ?? { length: samples, stride: samples };
  return Array.from({ length: Math.ceil(samples / stride) }, (_, index) => {
    const start = index * stride;
    const own = Math.min(length, samples - start);
    return { start, samples: own, frames: Math.ceil(own / hop) };
  });
}

/**
 * Decoded segments joined by a cross-fade of triangles (`_linear_overlap_add`).
 *
 * @param parts - Channels of each segment.
 * @param stride - Samples between the starts of two.
 * @returns As many samples as the last segment reaches to.
 */
export function overlapAdd(parts: readonly (readonly Float32Array[])[], stride: number): Float32Array[] {
  const longest = parts[0]![0]!.length;
  const total = stride * (parts.length - 1) + parts.at(-1)![0]!.length;
  const weights = Float32Array.from({ length: longest }, (_, index) => 0.5 - Math.abs((index + 1) / (longest + 1) - 0.5));
  const weightSum = new Float32Array(total);
  parts.forEach((channels, part) => {
    for (let index = 0; index < channels[0]!.length; index++) weightSum[part * stride + index]! += weights[index]!;
  });
  return parts[0]!.map((_, channel) => {
    const out = new Float32Array(total);
    parts.forEach((channels, part) => {
      channels[channel]!.forEach((value, index) => (out[part * stride + index]! += weights[index]! * value));
    });
    return out.map((value, index) => value / weightSum[index]!);
  });
}
