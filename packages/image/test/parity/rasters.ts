import type { HostTensor, ImageSignal } from '@tesserae/core';
import { type Raster, toRgb } from '@tesserae/core/raster';

/** `[height, width, channels]` or `[height, width]` of a fixture as 8-bit pixels. */
export function rasterOf({ shape, data }: HostTensor): Raster {
  const [height = 0, width = 0, channels = 1] = shape;
  return { width, height, channels: channels as Raster['channels'], data: Uint8Array.from(data) };
}

/** The same as a signal, which has no grey + alpha: that becomes RGB, as every pipeline begins. */
export function signalOf(tensor: HostTensor): ImageSignal {
  const raster = rasterOf(tensor);
  const { width, height, channels, data } = raster.channels === 2 ? toRgb(raster) : raster;
  return { modality: 'image', width, height, channels: channels as ImageSignal['channels'], data };
}

/** `[height, width, channels]`. */
export function tensorOf({ width, height, channels, data }: Raster): HostTensor {
  return { shape: [height, width, channels], data: Int32Array.from(data) };
}

/** `[1, height, width, channels]` to `[channels, height, width]`. */
export function planesOf({ shape, data }: HostTensor): { readonly shape: number[]; readonly data: Float32Array } {
  const [, height = 0, width = 0, channels = 0] = shape;
  const out = new Float32Array(data.length);
  for (let channel = 0, at = 0; channel < channels; channel++) {
    for (let pixel = 0; pixel < height * width; pixel++, at++) {
      out[at] = data[pixel * channels + channel]!;
    }
  }
  return { shape: [channels, height, width], data: out };
}
