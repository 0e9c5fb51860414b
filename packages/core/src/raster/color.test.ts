import { describe, expect, it } from 'vitest';
import { blendOnWhite, cmykToRgb, toGrey, toRgb } from './color';
import { premultiply, unpremultiply } from './premultiply';

const one = { width: 1, height: 1 } as const;

describe('toRgb', () => {
  it('repeats grey and drops alpha without blending', () => {
    expect([...toRgb({ ...one, channels: 1, data: Uint8Array.of(7) }).data]).toEqual([7, 7, 7]);
    expect([...toRgb({ ...one, channels: 2, data: Uint8Array.of(7, 0) }).data]).toEqual([7, 7, 7]);
    expect([...toRgb({ ...one, channels: 4, data: Uint8Array.of(1, 2, 3, 0) }).data]).toEqual([1, 2, 3]);
  });

  it('does not copy RGB', () => {
    const data = Uint8Array.of(1, 2, 3);
    expect(toRgb({ ...one, channels: 3, data }).data).toBe(data);
  });
});

describe('toGrey', () => {
  it('weighs the channels in fixed point', () => {
    const grey = (...rgb: number[]) => toGrey({ ...one, channels: 3, data: Uint8Array.from(rgb) }).data[0];
    expect([grey(255, 0, 0), grey(0, 255, 0), grey(0, 0, 255), grey(255, 255, 255)]).toEqual([76, 150, 29, 255]);
  });
});

describe('blendOnWhite', () => {
  it('truncates the blend', () => {
    const blend = (...rgba: number[]) => [...blendOnWhite({ ...one, channels: 4, data: Uint8Array.from(rgba) }).data];
    expect(blend(10, 20, 30, 255)).toEqual([10, 20, 30]);
    expect(blend(10, 20, 30, 0)).toEqual([255, 255, 255]);
    expect(blend(0, 100, 255, 128)).toEqual([127, 177, 255]);
  });
});

describe('cmykToRgb', () => {
  it('multiplies ink and key', () => {
    const convert = (...cmyk: number[]) => [...cmykToRgb({ ...one, data: Uint8Array.from(cmyk) }).data];
    expect(convert(0, 0, 0, 0)).toEqual([255, 255, 255]);
    expect(convert(0, 0, 0, 255)).toEqual([0, 0, 0]);
    expect(convert(255, 0, 128, 55)).toEqual([0, 200, 100]);
  });
});

describe('premultiply', () => {
  it('comes back within the rounding, exactly for opaque and transparent pixels', () => {
    const data = Uint8Array.of(200, 100, 50, 255, 200, 100, 50, 0, 200, 100, 50, 128);
    const image = { width: 3, height: 1, channels: 4, data } as const;
    const there = premultiply(image);
    expect([...there.data]).toEqual([200, 100, 50, 255, 0, 0, 0, 0, 100, 50, 25, 128]);
    expect([...unpremultiply(there).data]).toEqual([200, 100, 50, 255, 0, 0, 0, 0, 199, 99, 49, 128]);
  });
});
