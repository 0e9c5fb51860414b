import { concatSamples } from '../dsp/concat-samples';
import { hopLength } from '../seanet/config';
import { type EncodecConfig } from './config';

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

/** Joins decoded segments by a cross-fade of triangles, one after the other. */
export interface OverlapAdder {
  /** Channels of the next segment; gives what no later one reaches. */
  push(part: readonly Float32Array[]): Float32Array[];
  /** The rest, up to where the last segment reaches. */
  end(): Float32Array[];
}

/**
 * The official `_linear_overlap_add`, segment by segment.
 *
 * @param stride - Samples between the starts of two segments; none is longer than the first.
 */
export function overlapAdder(stride: number): OverlapAdder {
  let weights = new Float32Array(0);
  /** Weighted sums of what is not given yet, and the weights themselves. */
  let sums: Float32Array[] = [];
  let total = new Float32Array(0);
  let reach = 0;

  const give = (samples: number): Float32Array[] => {
    const out = sums.map((sum) => sum.slice(0, samples).map((value, at) => value / total[at]!));
    for (const kept of [...sums, total]) {
      kept.copyWithin(0, samples);
      kept.fill(0, Math.max(0, kept.length - samples));
    }
    reach -= samples;
    return out;
  };
  return {
    push(part) {
      const length = part[0]!.length;
      const isFirst = weights.length === 0;
      if (isFirst) {
        weights = Float32Array.from({ length }, (_, index) => 0.5 - Math.abs((index + 1) / (length + 1) - 0.5));
        sums = part.map(() => new Float32Array(length + stride));
        total = new Float32Array(length + stride);
      }
      // The new segment begins one stride behind the one before: what lies in front of it is ready.
      const ready = isFirst ? part.map(() => new Float32Array(0)) : give(stride);
      part.forEach((channel, index) => {
        const sum = sums[index]!;
        for (let at = 0; at < length; at += 1) sum[at]! += weights[at]! * channel[at]!;
      });
      for (let at = 0; at < length; at += 1) total[at]! += weights[at]!;
      reach = length;
      return ready;
    },
    end: () => give(reach),
  };
}

/**
 * {@link overlapAdder} of all segments.
 *
 * @param parts - Channels of each segment, at least one.
 * @returns As many samples as the last segment reaches to.
 */
export function overlapAdd(parts: readonly (readonly Float32Array[])[], stride: number): Float32Array[] {
  const adder = overlapAdder(stride);
  const pieces = [...parts.map((part) => adder.push(part)), adder.end()];
  return pieces[0]!.map((_, channel) => concatSamples(pieces.map((piece) => piece[channel]!)));
}
