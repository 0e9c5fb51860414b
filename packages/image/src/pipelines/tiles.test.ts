import type { ImageSignal } from '@tesserae/core';
import { describe, expect, it } from 'vitest';
import { imageFromFloats } from './pipelines';
import { assembleTiles, prepareTiles, tileOf } from './tiles';

function image(width: number, height: number): ImageSignal {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);
  return { modality: 'image', width, height, channels: 3, data };
}

describe('prepareTiles', () => {
  it('cuts, and assembleTiles gives every pixel back, with and without overlap', async () => {
    for (const overlap of [0, 1, 3, 8]) {
      for (const [width, height] of [
        [40, 33],
        [16, 16],
        [5, 50],
        [1, 1],
      ] as const) {
        const original = image(width, height);
        const { tiles, layout } = await prepareTiles(original, 'pil-bicubic-16-pm1', { overlap });
        expect(tiles).toHaveLength(layout.rows * layout.columns);
        const decoded = tiles.map(({ inputs }) => imageFromFloats(inputs.image, 'round', 'pm1'));
        expect(assembleTiles(decoded, layout)).toEqual(original);
      }
    }
  });

  it('puts the layout into the facts of every tile', async () => {
    const { tiles, layout } = await prepareTiles(image(40, 20), 'adm-16');
    expect(layout).toEqual({ width: 40, height: 20, size: 16, overlap: 0, columns: 3, rows: 2 });
    tiles.forEach(({ source }, index) => expect(tileOf(source)).toEqual({ layout, index }));
    expect(tiles.at(-1)!.source).toMatchObject({
      width: 40,
      height: 20,
      pipeline: 'adm-16',
      extra: { fit: 'tiles', crop: [32, 16, 40, 20], pad: [0, 0, 8, 12] },
    });
    expect(tileOf({ modality: 'image', width: 1, height: 1, pipeline: 'adm-16' })).toBeUndefined();
  });

  it('blends linearly where tiles share pixels', () => {
    const flat = (value: number): ImageSignal => ({
      modality: 'image',
      width: 4,
      height: 4,
      channels: 1,
      data: new Uint8Array(16).fill(value),
    });
    const layout = { width: 6, height: 4, size: 4, overlap: 2, columns: 2, rows: 1 };
    const { data } = assembleTiles([flat(0), flat(90)], layout);
    expect([...data.subarray(0, 6)]).toEqual([0, 0, 30, 60, 90, 90]);
  });

  it('refuses what makes no sense', async () => {
    await expect(prepareTiles(image(4, 4), 'native')).rejects.toThrow(/with a size/);
    await expect(prepareTiles(image(4, 4), 'adm-4', { overlap: 3 })).rejects.toThrow(/0 to 2/);
    const { tiles, layout } = await prepareTiles(image(8, 4), 'adm-4');
    const decoded = tiles.map(({ inputs }) => imageFromFloats(inputs.image, 'round'));
    expect(() => assembleTiles(decoded.slice(1), layout)).toThrow(/1 x 2 = 2 tiles/);
    expect(() => assembleTiles([decoded[0]!, image(3, 4)], layout)).toThrow(/4 x 4 x 3/);
  });
});
