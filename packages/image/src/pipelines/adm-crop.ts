import { type OwnedRaster, type Raster, roundHalfEven } from '@tesserae/core/raster';
import { applyGeometry, type Geometry } from './geometry';

/**
 * The center crop of ADM (guided diffusion): halve while the shorter side is at least twice `size`, then bicubic to
 * `size`, then cut with floored margins. Used by LlamaGen, TokenFlow, RobusTok and TiTok's pre-tokenization.
 *
 * @see image-2d 1
 */
export function admGeometry(width: number, height: number, size: number): Geometry {
  let halvings = 0;
  let [w, h] = [width, height];
  while (Math.min(w, h) >= 2 * size) {
    [w, h] = [Math.floor(w / 2), Math.floor(h / 2)];
    halvings++;
  }
  const scale = size / Math.min(w, h);
  const [newWidth, newHeight] = [roundHalfEven(w * scale), roundHalfEven(h * scale)];
  return flooredCenter(newWidth, newHeight, size, { halvings, filter: 'bicubic' });
}

/** A square of `size` cut at `floor((side - size) / 2)`. */
export function flooredCenter(
  width: number,
  height: number,
  size: number,
  { halvings, filter }: Pick<Geometry, 'halvings' | 'filter'>,
): Geometry {
  const left = Math.floor((width - size) / 2);
  const top = Math.floor((height - size) / 2);
  return { halvings, width, height, filter, window: [left, top, left + size, top + size], padding: 'zero' };
}

/** {@link admGeometry} applied: `[size, size]` pixels. */
export function admCenterCrop(image: Raster, size: number): OwnedRaster {
  return applyGeometry(image, admGeometry(image.width, image.height, size));
}
