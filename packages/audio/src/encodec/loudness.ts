import type { HostTensor } from '@tesserae/core';

/** Added to the loudness, so that silence is divided by something. */
const floor = 1e-8;

/**
 * Loudness of a segment, by which it is divided: the root mean square of the mean of its channels.
 *
 * @param audio - `[1, samples, channels]`.
 */
export function loudness({ shape, data }: HostTensor): number {
  const [, samples = 0, channels = 1] = shape;
  let sum = 0;
  for (let at = 0; at < samples; at += 1) {
    let mixed = 0;
    for (let channel = 0; channel < channels; channel += 1) mixed += data[at * channels + channel]!;
    sum += (mixed / channels) ** 2;
  }
  return Math.fround(floor + Math.sqrt(sum / samples));
}

/** Every sample times a factor, or divided by it. */
export function scaled({ shape, data }: HostTensor, factor: number, how: 'multiply' | 'divide'): HostTensor {
  const out = Float32Array.from(data);
  for (let at = 0; at < out.length; at += 1) out[at] = how === 'multiply' ? out[at]! * factor : out[at]! / factor;
  return { shape, data: out };
}
