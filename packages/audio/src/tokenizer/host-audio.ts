import type { HostTensor } from '@tesserae/core';

/** Channels of one length as a model takes them: `[1, samples, channels]`, float32. */
export function audioTensor(channels: readonly Float32Array[]): HostTensor {
  const samples = channels[0]!.length;
  // The only channel is the tensor already.
  if (channels.length === 1) return { shape: [1, samples, 1], data: channels[0]! };
  const data = new Float32Array(samples * channels.length);
  channels.forEach((channel, index) => {
    for (let at = 0; at < samples; at += 1) data[at * channels.length + index] = channel[at]!;
  });
  return { shape: [1, samples, channels.length], data };
}

/** Channels of `[1, samples, channels]`. */
export function channelsOf({ shape, data }: HostTensor): Float32Array[] {
  const [, samples = 0, channels = 1] = shape;
  return Array.from({ length: channels }, (_, channel) => {
    const out = new Float32Array(samples);
    for (let at = 0; at < samples; at += 1) out[at] = data[at * channels + channel]!;
    return out;
  });
}

/** `[1, ...]` without its first axis. */
export function withoutBatch({ shape, data }: HostTensor): HostTensor {
  return { shape: shape.slice(1), data };
}
