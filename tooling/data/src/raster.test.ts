import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { centreSquare, cut, decodeOn, decodeOpaque, resizeShortSide } from './raster';

const png = (data: Uint8Array, width: number, height: number, channels: 1 | 3 | 4) =>
  sharp(data, { raw: { width, height, channels } }).png().toBuffer();

describe('decodeOpaque', () => {
  it('gives RGB for colour and for grey', async () => {
    const colour = await decodeOpaque(await png(Uint8Array.of(1, 2, 3, 4, 5, 6), 2, 1, 3));
    expect(colour).toEqual({ width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) });
    const grey = await decodeOpaque(await png(Uint8Array.of(7, 200), 2, 1, 1));
    expect(grey).toEqual({ width: 2, height: 1, data: Uint8Array.of(7, 7, 7, 200, 200, 200) });
  });

  it('leaves out pictures that are transparent in places', async () => {
    expect(await decodeOpaque(await png(Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 0), 2, 1, 4))).toBeUndefined();
  });
});

describe('decodeOn', () => {
  it('lays transparent pixels on the colour', async () => {
    const picture = await decodeOn(await png(Uint8Array.of(1, 2, 3, 255, 4, 5, 6, 0), 2, 1, 4), [9, 8, 7]);
    expect([...picture.data]).toEqual([1, 2, 3, 9, 8, 7]);
  });

  it('gives RGB for grey drawings', async () => {
    const picture = await decodeOn(await png(Uint8Array.of(7, 200), 2, 1, 1), [0, 0, 0]);
    expect([...picture.data]).toEqual([7, 7, 7, 200, 200, 200]);
  });
});

describe('geometry', () => {
  const data = Uint8Array.from({ length: 4 * 2 * 3 }, (_, index) => index);
  const picture = { width: 4, height: 2, data };

  it('cuts rectangles', () => {
    expect([...cut(picture, 1, 1, 2, 1)]).toEqual([15, 16, 17, 18, 19, 20]);
  });

  it('resizes by the short side and squares around the centre', async () => {
    expect(await resizeShortSide(picture, 1)).toMatchObject({ width: 2, height: 1 });
    expect(await centreSquare(picture, 2)).toEqual(cut(picture, 1, 0, 2, 2));
  });
});
