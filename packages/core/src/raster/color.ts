import { checkRaster, type OwnedRaster, type Raster } from './raster';

/** `convert('RGB')` of Pillow: grey is repeated, alpha is dropped without blending. RGB pixels are not copied. */
export function toRgb(image: Raster): Raster & { readonly channels: 3 } {
  checkRaster('image', image);
  const { width, height, channels, data } = image;
  if (channels === 3) {
    return { width, height, channels, data };
  }
  const out = new Uint8Array(width * height * 3);
  const green = channels === 4 ? 1 : 0;
  for (let from = 0, to = 0; to < out.length; from += channels, to += 3) {
    out[to] = data[from]!;
    out[to + 1] = data[from + green]!;
    out[to + 2] = data[from + green * 2]!;
  }
  return { width, height, channels: 3, data: out };
}

/** `convert('L')` of Pillow: ITU-R 601 luma in 16-bit fixed point; alpha is dropped. */
export function toGrey(image: Raster): OwnedRaster {
  checkRaster('image', image);
  const { width, height, channels, data } = image;
  const out = new Uint8Array(width * height);
  for (let from = 0, to = 0; to < out.length; from += channels, to++) {
    out[to] =
      channels < 3
        ? data[from]!
        : (19595 * data[from]! + 38470 * data[from + 1]! + 7471 * data[from + 2]! + 32768) >> 16;
  }
  return { width, height, channels: 1, data: out };
}

/**
 * RGB of a picture in front of a white wall, blended in double precision and truncated, as Chameleon and Liquid do.
 * Pictures without alpha and fully opaque ones come back unchanged.
 */
export function blendOnWhite(image: Raster): Raster & { readonly channels: 3 } {
  checkRaster('image', image);
  const { width, height, channels, data } = image;
  if (channels === 1 || channels === 3) {
    return toRgb(image);
  }
  const out = new Uint8Array(width * height * 3);
  const green = channels === 4 ? 1 : 0;
  for (let from = 0, to = 0; to < out.length; from += channels, to += 3) {
    const alpha = data[from + channels - 1]! / 255;
    const white = (1 - alpha) * 255;
    out[to] = white + alpha * data[from]!;
    out[to + 1] = white + alpha * data[from + green]!;
    out[to + 2] = white + alpha * data[from + green * 2]!;
  }
  return { width, height, channels: 3, data: out };
}

/** CMYK to RGB as Pillow converts, without a color profile: `light * (1 - ink)`, `light = 255 - key`; 255 = full ink. */
export function cmykToRgb({ width, height, data }: Pick<Raster, 'width' | 'height' | 'data'>): OwnedRaster {
  const out = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < out.length; from += 4, to += 3) {
    const light = 255 - data[from + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      const product = data[from + channel]! * light + 128;
      out[to + channel] = Math.max(0, light - (((product >> 8) + product) >> 8));
    }
  }
  return { width, height, channels: 3, data: out };
}
