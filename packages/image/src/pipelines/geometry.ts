import { type Box, crop, type OwnedRaster, pillowResize, type Raster, type ResizeFilter } from '@tesserae/core/raster';

/**
 * How a picture becomes the pixels that a model takes: halved, resized, cut. Computed from sizes alone, before any
 * pixel is touched, so that it can be reported.
 */
export interface Geometry {
  /** Times that both sides are halved (box filter, floor) before the resize. */
  readonly halvings: number;
  /** Size that the whole picture is resized to. */
  readonly width: number;
  readonly height: number;
  readonly filter: ResizeFilter;
  /** What is cut out of the resized picture; parts outside it are padding. */
  readonly window: Box;
  readonly padding: 'zero' | 'edge';
}

/** Only the window is computed: a 20000 x 1 picture does not become one of five million pixels a row. */
export function applyGeometry(image: Raster, geometry: Geometry): OwnedRaster {
  const { width, height, filter, window, padding, halvings } = geometry;
  let source: Raster = image;
  for (let i = 0; i < halvings; i++) {
    source = pillowResize(source, Math.floor(source.width / 2), Math.floor(source.height / 2), 'box');
  }
  const inside: Box = [
    Math.max(0, window[0]),
    Math.max(0, window[1]),
    Math.min(width, window[2]),
    Math.min(height, window[3]),
  ];
  const resized = pillowResize(source, width, height, filter, { window: inside });
  const [left, top] = inside;
  return crop(resized, [window[0] - left, window[1] - top, window[2] - left, window[3] - top], padding);
}

/** The window in pixels of the original picture, the scale of both axes, and the padding in pixels of the result. */
export interface GeometryReport {
  /** Left, upper, right, lower; without the padding. */
  readonly crop: readonly [number, number, number, number];
  /** Result pixels per original pixel: horizontal, vertical. */
  readonly scale: readonly [number, number];
  /** Left, upper, right, lower. */
  readonly pad: readonly [number, number, number, number];
}

export function reportGeometry(
  source: { readonly width: number; readonly height: number },
  { width, height, window: [left, top, right, bottom] }: Geometry,
): GeometryReport {
  const horizontal = width / source.width;
  const vertical = height / source.height;
  return {
    crop: [
      short(Math.max(0, left) / horizontal, 3),
      short(Math.max(0, top) / vertical, 3),
      short(Math.min(width, right) / horizontal, 3),
      short(Math.min(height, bottom) / vertical, 3),
    ],
    scale: [short(horizontal, 6), short(vertical, 6)],
    pad: [Math.max(0, -left), Math.max(0, -top), Math.max(0, right - width), Math.max(0, bottom - height)],
  };
}

/** Facts travel in small token files: no more digits than anyone can see. */
function short(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
