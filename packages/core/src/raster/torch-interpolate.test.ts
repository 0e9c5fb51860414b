import { describe, expect, it } from 'vitest';
import { InputError } from '../errors/input-error';
import { ShapeError } from '../errors/shape-error';
import { type FloatGrid, type InterpolateMode, torchInterpolate } from './torch-interpolate';

const square: FloatGrid = { height: 2, width: 2, channels: 1, data: Float32Array.of(1, 2, 3, 4) };
const row = (...values: number[]): FloatGrid => ({
  height: 1,
  width: values.length,
  channels: 1,
  data: Float32Array.from(values),
});

describe('torchInterpolate', () => {
  it('gives the values of the PyTorch manual, bilinear', () => {
    expect([...torchInterpolate(square, 4, 4, 'bilinear').data]).toEqual([
      1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5, 2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4,
    ]);
    const aligned = torchInterpolate(square, 4, 4, 'bilinear', { alignCorners: true }).data;
    [1, 1.3333, 1.6667, 2, 1.6667, 2, 2.3333, 2.6667].forEach((value, i) => expect(aligned[i]).toBeCloseTo(value, 4));
  });

  it('picks the floor, nearest; the center, nearest-exact', () => {
    expect([...torchInterpolate(row(0, 1, 2, 3, 4), 1, 3, 'nearest').data]).toEqual([0, 1, 3]);
    expect([...torchInterpolate(row(0, 1, 2, 3, 4), 1, 3, 'nearest-exact').data]).toEqual([0, 2, 4]);
    expect([...torchInterpolate(square, 4, 2, 'nearest').data]).toEqual([1, 2, 1, 2, 3, 4, 3, 4]);
  });

  it('uses a = -0.75, bicubic', () => {
    // Quarter of the way from 0 to 1 on a step: w(0.75) + w(1.75) = 0.26171875 - 0.03515625.
    const { data } = torchInterpolate(row(0, 0, 1, 1), 1, 8, 'bicubic');
    expect(data[3]).toBeCloseTo(0.2265625, 6);
    expect(data[4]).toBeCloseTo(1 - 0.2265625, 6);
  });

  it('averages whole areas that may overlap', () => {
    expect([...torchInterpolate(row(1, 2, 3, 4, 5), 1, 2, 'area').data]).toEqual([2, 4]);
    expect([...torchInterpolate(square, 1, 1, 'area').data]).toEqual([2.5]);
  });

  it('keeps constants and identities in every mode', () => {
    const modes: readonly InterpolateMode[] = ['nearest', 'nearest-exact', 'bilinear', 'bicubic', 'area'];
    const flat: FloatGrid = { height: 3, width: 5, channels: 2, data: new Float32Array(30).fill(0.25) };
    for (const mode of modes) {
      expect(new Set(torchInterpolate(flat, 7, 4, mode).data)).toEqual(new Set([0.25]));
      expect(torchInterpolate(square, 2, 2, mode).data).toEqual(square.data);
      expect(torchInterpolate(row(3), 2, 2, mode).data).toEqual(new Float32Array(4).fill(3));
    }
  });

  it('refuses what makes no sense', () => {
    expect(() => torchInterpolate(square, 0, 2, 'area')).toThrow(InputError);
    expect(() => torchInterpolate(square, 2, 2, 'linear' as InterpolateMode)).toThrow(InputError);
    expect(() => torchInterpolate({ ...square, width: 3 }, 2, 2, 'area')).toThrow(ShapeError);
  });
});
