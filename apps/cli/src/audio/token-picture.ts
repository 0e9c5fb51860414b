import { type Tokens, UnsupportedError } from '@tesserae/core/data';
import { type Color, raster } from './raster';
import { joinParts } from './stream-parts';

/** Pixels. */
const width = 1200;
const rowHeight = 24;
const gap = 1;
const paper: Color = [255, 255, 255];
const none: Color = [225, 225, 225];
const goldenAngle = 137.508;

/**
 * The tokens of a sound as a PNG: a row a level, coarse to fine, time from left to right, a color for each id. Where
 * there are more tokens than pixels, each column shows the one in its middle.
 *
 * @param items - One, or the parts of one.
 */
export async function tokenPicture(items: readonly Tokens[]): Promise<Uint8Array> {
  const { levels } = joinParts(items);
  const image = raster(width, levels.length * (rowHeight + gap), paper);
  for (const [row, level] of levels.entries()) {
    if (level.kind !== 'index')
      throw new UnsupportedError('a picture of tokens', `levels of ${level.kind} have no ids.`);
    const { length } = level.data;
    const columns = Math.min(width, length);
    for (let column = 0; column < columns; column += 1) {
      const x = Math.floor((column * width) / columns);
      const right = Math.floor(((column + 1) * width) / columns);
      const id = level.data[Math.floor(((column + 0.5) * length) / columns)]!;
      image.fill(x, row * (rowHeight + gap), right - x, rowHeight, id < 0 ? none : colorOf(id));
    }
  }
  return image.png();
}

/** Neighboring ids are far apart on the color circle; three lightnesses tell those that are not. */
function colorOf(id: number): Color {
  const hue = (id * goldenAngle) % 360;
  const lightness = [0.38, 0.52, 0.66][id % 3]!;
  const channel = (offset: number): number => {
    const k = (offset + hue / 30) % 12;
    const amplitude = 0.6 * Math.min(lightness, 1 - lightness);
    return Math.round(255 * (lightness - amplitude * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return [channel(0), channel(8), channel(4)];
}
