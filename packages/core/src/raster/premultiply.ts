import type { OwnedRaster, Raster } from './raster';

/** Color times alpha with Pillow's rounding (`RGBA` to `RGBa`, `LA` to `La`). */
export function premultiply({ width, height, channels, data }: Raster): OwnedRaster {
  const out = new Uint8Array(data.length);
  for (let pixel = 0; pixel < data.length; pixel += channels) {
    const alpha = data[pixel + channels - 1]!;
    for (let channel = 0; channel < channels - 1; channel++) {
      const product = data[pixel + channel]! * alpha + 128;
      out[pixel + channel] = ((product >> 8) + product) >> 8;
    }
    out[pixel + channels - 1] = alpha;
  }
  return { width, height, channels, data: out };
}

/** The way back, truncated and clamped; pixels of alpha 0 and 255 keep their color. */
export function unpremultiply({ width, height, channels, data }: Raster): OwnedRaster {
  const out = new Uint8Array(data.length);
  for (let pixel = 0; pixel < data.length; pixel += channels) {
    const alpha = data[pixel + channels - 1]!;
    const keep = alpha === 0 || alpha === 255;
    for (let channel = 0; channel < channels - 1; channel++) {
      const value = data[pixel + channel]!;
      out[pixel + channel] = keep ? value : Math.min(255, Math.trunc((255 * value) / alpha));
    }
    out[pixel + channels - 1] = alpha;
  }
  return { width, height, channels, data: out };
}
