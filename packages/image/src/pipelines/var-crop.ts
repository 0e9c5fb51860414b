import { type OwnedRaster, type Raster, roundHalfEven } from '@tesserae/core/raster';
import { applyGeometry, type Geometry } from './geometry';
import { torchvisionGeometry } from './torchvision-crop';

/** VAR leaves a margin of one eighth around the crop. */
const marginRatio = 1.125;

/** Evaluation transform of VAR: Lanczos to `round(1.125 · size)` on the shorter side, center crop to `size`. */
export function varGeometry(width: number, height: number, size: number): Geometry {
  return torchvisionGeometry(width, height, 'lanczos', roundHalfEven(marginRatio * size), size);
}

/** {@link varGeometry} applied: `[size, size]` pixels. */
export function varCrop(image: Raster, size: number): OwnedRaster {
  return applyGeometry(image, varGeometry(image.width, image.height, size));
}
