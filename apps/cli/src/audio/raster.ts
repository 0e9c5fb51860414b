import { encodeImage } from '@tesserae/image';

export type Color = readonly [red: number, green: number, blue: number];

/** A picture that is painted in rectangles. */
export interface Raster {
  fill(x: number, y: number, width: number, height: number, color: Color): void;
  png(): Promise<Uint8Array>;
}

/** @param background - Of the whole picture. */
export function raster(width: number, height: number, background: Color): Raster {
  const data = new Uint8Array(width * height * 3);
  const fill: Raster['fill'] = (x, y, w, h, color) => {
    for (let row = Math.max(0, y); row < Math.min(height, y + h); row += 1) {
      for (let column = Math.max(0, x); column < Math.min(width, x + w); column += 1)
        data.set(color, (row * width + column) * 3);
    }
  };
  fill(0, 0, width, height, background);
  return { fill, png: () => encodeImage({ modality: 'image', width, height, channels: 3, data }, { format: 'png' }) };
}
