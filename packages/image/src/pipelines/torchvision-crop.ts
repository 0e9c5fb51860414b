import { centerCropBox, type OwnedRaster, type Raster, type ResizeFilter } from '@tesserae/core/raster';
import { applyGeometry, type Geometry } from './geometry';

/**
 * torchvision's `Resize(size)` + `CenterCrop(cropSize)` on a Pillow image: the shorter side becomes `size`, the longer
 * one is truncated.
 *
 * @param size - Pixels of the shorter side after the resize.
 * @see image-1d 0.1
 */
export function torchvisionGeometry(
  width: number,
  height: number,
  filter: ResizeFilter,
  size: number,
  cropSize: number = size,
): Geometry {
  const long = Math.trunc((size * Math.max(width, height)) / Math.min(width, height));
  const [newWidth, newHeight] = width <= height ? [size, long] : [long, size];
  return {
    halvings: 0,
    width: newWidth,
    height: newHeight,
    filter,
    window: centerCropBox(newWidth, newHeight, cropSize, cropSize),
    padding: 'zero',
  };
}

/** `CenterCrop(size)` alone: smaller pictures are padded with zeros. */
export function centerCropGeometry(width: number, height: number, cropWidth: number, cropHeight: number): Geometry {
  const window = centerCropBox(width, height, cropWidth, cropHeight);
  return { halvings: 0, width, height, filter: 'box', window, padding: 'zero' };
}

/** {@link torchvisionGeometry} applied: `[size, size]` pixels. */
export function torchvisionResizeCrop(image: Raster, size: number, filter: ResizeFilter = 'bilinear'): OwnedRaster {
  return applyGeometry(image, torchvisionGeometry(image.width, image.height, filter, size));
}
