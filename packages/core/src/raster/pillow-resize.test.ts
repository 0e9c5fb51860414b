import { describe, expect, it } from 'vitest';
import { InputError } from '../errors/input-error';
import { pillowResize } from './pillow-resize';
import type { Raster } from './raster';
import { type ResizeFilter, resizeFilters } from './resize-filters';

function pattern(width: number, height: number, channels: Raster['channels'] = 1): Raster {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 37) % 256);
  return { width, height, channels, data };
}

function noise(width: number, height: number, channels: Raster['channels']): Raster {
  let state = 1;
  const data = Uint8Array.from({ length: width * height * channels }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state >> 16;
  });
  return { width, height, channels, data };
}

describe('pillowResize', () => {
  // image-2d 26.1: computed from the definition, independently of this code and of Pillow.
  const expected: Partial<Record<ResizeFilter, readonly number[]>> = {
    box: [22, 114, 207, 30, 122, 215],
    bilinear: [35, 114, 193, 41, 120, 199],
    bicubic: [30, 114, 198, 36, 120, 204],
    lanczos: [26, 113, 200, 34, 121, 208],
  };
  for (const [filter, values] of Object.entries(expected)) {
    it(`gives the published values with ${filter}`, () => {
      expect([...pillowResize(pattern(7, 5), 3, 2, filter as ResizeFilter).data]).toEqual(values);
    });
  }

  it('keeps a constant picture constant with every filter, up and down', () => {
    for (const filter of resizeFilters) {
      for (const [width, height] of [
        [40, 3],
        [5, 31],
        [1, 1],
      ] as const) {
        const image: Raster = { width: 17, height: 13, channels: 3, data: new Uint8Array(17 * 13 * 3).fill(201) };
        expect(new Set(pillowResize(image, width, height, filter).data)).toEqual(new Set([201]));
      }
    }
  });

  // Values and sums made with Pillow 12.3.
  it('overshoots by nothing: a black and white edge stays in 0..255, equal to Pillow', () => {
    const edge = (size: number, from: number): Raster => ({
      width: size,
      height: size,
      channels: 1,
      data: Uint8Array.from({ length: size * size }, (_, i) => (i % size >= from ? 255 : 0)),
    });
    const transition = (image: Raster): Record<number, number> => {
      const { data } = pillowResize(image, 256, 256, 'bicubic');
      const row = [...data.subarray(128 * 256, 129 * 256)];
      return Object.fromEntries([...row.entries()].filter(([, value]) => value !== 0 && value !== 255));
    };
    expect(transition(edge(64, 35))).toEqual({ 138: 21, 139: 88, 140: 167, 141: 234 });
    expect(transition(edge(768, 384))).toEqual({ 127: 19, 128: 236 });
  });

  it('computes a window exactly as it is in the whole', () => {
    for (const filter of resizeFilters) {
      for (const channels of [1, 2, 3, 4] as const) {
        const image = noise(23, 19, channels);
        const whole = pillowResize(image, 31, 11, filter);
        const window = [4, 3, 20, 9] as const;
        const part = pillowResize(image, 31, 11, filter, { window });
        const cut: number[] = [];
        for (let y = window[1]; y < window[3]; y++) {
          cut.push(...whole.data.subarray((y * 31 + window[0]) * channels, (y * 31 + window[2]) * channels));
        }
        expect([part.width, part.height]).toEqual([16, 6]);
        expect([...part.data]).toEqual(cut);
      }
    }
  });

  it('computes a few pixels of a gigantic result in no time', () => {
    const thin: Raster = { width: 20000, height: 1, channels: 1, data: pattern(20000, 1).data };
    const small = pillowResize(thin, 80000, 4, 'bicubic', { window: [39998, 0, 40002, 4] });
    expect([...small.data.subarray(0, 4)]).toEqual([48, 57, 66, 75]);
    expect(pillowResize(thin, 20000 * 4096, 4096, 'bicubic', { window: [0, 0, 2, 2] }).data).toHaveLength(4);
  });

  it('copies when nothing changes, and never returns the input itself', () => {
    const image = noise(6, 5, 4);
    const same = pillowResize(image, 6, 5, 'lanczos');
    expect(same.data).toEqual(image.data);
    expect(same.data).not.toBe(image.data);
  });

  it('never mixes the color of transparent pixels in', () => {
    const image: Raster = { width: 2, height: 1, channels: 4, data: Uint8Array.of(255, 0, 0, 0, 0, 0, 255, 255) };
    const { data } = pillowResize(image, 1, 1, 'box');
    expect([...data]).toEqual([0, 0, 255, 128]);
  });

  it('takes clamped arrays and views', () => {
    const { data, ...size } = pattern(7, 5);
    const shifted = new Uint8ClampedArray([9, ...data]).subarray(1);
    expect(pillowResize({ ...size, data: shifted }, 3, 2, 'box').data).toEqual(
      pillowResize({ ...size, data }, 3, 2, 'box').data,
    );
  });

  it('refuses sizes, boxes, windows and filters that make no sense', () => {
    const image = pattern(7, 5);
    const refused = [
      () => pillowResize(image, 0, 2, 'box'),
      () => pillowResize(image, 2.5, 2, 'box'),
      () => pillowResize(image, 2, Number.NaN, 'box'),
      () => pillowResize({ ...image, width: 8 }, 2, 2, 'box'),
      () => pillowResize(image, 2, 2, 'cubic' as ResizeFilter),
      () => pillowResize(image, 2, 2, 'box', { box: [0, 0, 8, 5] }),
      () => pillowResize(image, 2, 2, 'box', { box: [3, 0, 3, 5] }),
      () => pillowResize(image, 2, 2, 'box', { box: [Number.NaN, 0, 3, 5] }),
      () => pillowResize(image, 2, 2, 'box', { window: [0, 0, 3, 2] }),
      () => pillowResize(image, 2, 2, 'box', { window: [0.5, 0, 2, 2] }),
    ];
    for (const call of refused) {
      expect(call).toThrow(InputError);
    }
  });
});
