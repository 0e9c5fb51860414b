import { describe, expect, it } from 'vitest';
import { InputError } from '../errors/input-error';
import { centerCropBox, crop } from './crop';
import { roundHalfEven, type Raster } from './raster';

const image: Raster = { width: 3, height: 2, channels: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };

describe('crop', () => {
  it('cuts inside', () => {
    expect([...crop(image, [1, 0, 3, 2]).data]).toEqual([2, 3, 5, 6]);
  });

  it('fills with zeros outside', () => {
    expect([...crop(image, [-1, -1, 2, 1]).data]).toEqual([0, 0, 0, 0, 1, 2]);
    expect([...crop(image, [2, 1, 4, 3]).data]).toEqual([6, 0, 0, 0]);
    expect([...crop(image, [5, 5, 6, 6]).data]).toEqual([0]);
  });

  it('repeats the border outside', () => {
    expect([...crop(image, [-1, -1, 4, 1], 'edge').data]).toEqual([1, 1, 2, 3, 3, 1, 1, 2, 3, 3]);
    expect([...crop(image, [4, 3, 6, 4], 'edge').data]).toEqual([6, 6]);
    expect([...crop(image, [-3, -3, -1, -2], 'edge').data]).toEqual([1, 1]);
  });

  it('refuses empty and fractional boxes', () => {
    expect(() => crop(image, [1, 0, 1, 2])).toThrow(InputError);
    expect(() => crop(image, [0.5, 0, 1, 2])).toThrow(InputError);
  });
});

describe('centerCropBox', () => {
  it('rounds margins half to even', () => {
    expect(centerCropBox(35, 37, 32, 32)).toEqual([2, 2, 34, 34]);
    expect(centerCropBox(33, 32, 32, 32)).toEqual([0, 0, 32, 32]);
  });

  it('pads smaller pictures, the larger half behind', () => {
    expect(centerCropBox(20, 21, 32, 32)).toEqual([-6, -5, 26, 27]);
  });
});

describe('roundHalfEven', () => {
  it('rounds as Python does', () => {
    expect([0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 2.6].map((value) => roundHalfEven(value) + 0)).toEqual([
      0, 2, 2, 0, -2, 2, 3,
    ]);
  });
});
