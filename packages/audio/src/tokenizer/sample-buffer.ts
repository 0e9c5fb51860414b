import type { HostTensor } from '@tesserae/core';

/** The last samples of a stream, of all channels, in memory that grows with what is kept and not with the stream. */
export interface SampleBuffer {
  /** Samples that have come so far. */
  readonly end: number;
  append(channels: readonly Float32Array[]): void;
  /** Samples `from` to `to` of the stream, which have come and are not forgotten: `[1, to - from, channels]`. */
  read(from: number, to: number): HostTensor;
  /** Samples before `from` will not be read any more. */
  forget(from: number): void;
}

/** @param channels - Of every block. */
export function sampleBuffer(channels: number): SampleBuffer {
  let data = new Float32Array(0);
  /** Sample of the stream at place 0, and samples kept. */
  let first = 0;
  let kept = 0;
  return {
    get end() {
      return first + kept;
    },
    append(block) {
      const samples = block[0]!.length;
      const needed = (kept + samples) * channels;
      if (needed > data.length) {
        const grown = new Float32Array(Math.max(needed, 2 * data.length));
        grown.set(data.subarray(0, kept * channels));
        data = grown;
      }
      block.forEach((values, channel) => {
        for (let at = 0; at < samples; at += 1) data[(kept + at) * channels + channel] = values[at]!;
      });
      kept += samples;
    },
    read: (from, to) => ({
      shape: [1, to - from, channels],
      data: data.slice((from - first) * channels, (to - first) * channels),
    }),
    forget(from) {
      const dropped = Math.max(0, Math.min(kept, from - first));
      data.copyWithin(0, dropped * channels, kept * channels);
      first += dropped;
      kept -= dropped;
    },
  };
}
