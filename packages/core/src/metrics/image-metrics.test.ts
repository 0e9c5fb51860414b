import { describe, expect, it } from 'vitest';
import { InputError } from '../errors/input-error';
import { mulberry32 } from '../random/mulberry32';
import type { ImageSignal } from '../signal/image-signal';
import { msSsim } from './ms-ssim';
import { psnr } from './psnr';
import { ssim } from './ssim';

function picture(width: number, height: number, value: (x: number, y: number, channel: number) => number): ImageSignal {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, index) => {
    const pixel = Math.floor(index / 3);
    return value(pixel % width, Math.floor(pixel / width), index % 3);
  });
  return { modality: 'image', width, height, channels: 3, data };
}

function floats(image: ImageSignal): ImageSignal {
  return { ...image, data: Float32Array.from(image.data, (byte) => byte / 255) };
}

const ramp = (width: number, height: number): ImageSignal =>
  picture(width, height, (x, y, c) => (3 * x + 5 * y + 40 * c) % 256);
const noise = (image: ImageSignal, amount: number): ImageSignal => {
  const values = mulberry32(3).integers(-amount, amount + 1, image.data.length);
  return {
    ...image,
    data: Uint8Array.from(image.data, (byte, index) => Math.min(255, Math.max(0, byte + values[index]!))),
  };
};

describe('psnr', () => {
  it('is 10 log10(range^2 / error^2)', () => {
    const black = picture(4, 4, () => 0);
    expect(
      psnr(
        black,
        picture(4, 4, () => 255),
      ).value,
    ).toBeCloseTo(0, 12);
    expect(
      psnr(
        black,
        picture(4, 4, () => 1),
      ).value,
    ).toBeCloseTo(48.1308036086791, 10);
    expect(
      psnr(
        black,
        picture(4, 4, (x) => x % 2),
      ).value,
    ).toBeCloseTo(48.1308036086791 + 10 * Math.log10(2), 10);
    expect(psnr(black, black).value).toBe(Number.POSITIVE_INFINITY);
  });

  it('takes the range 1 for floats, and says what it took', () => {
    const [a, b] = [ramp(20, 10), noise(ramp(20, 10), 9)];
    expect(psnr(floats(a), floats(b)).value).toBeCloseTo(psnr(a, b).value, 5);
    expect(psnr(a, b).protocol).toEqual({ metric: 'psnr', unit: 'dB', dataRange: 255, values: 'bytes' });
    expect(psnr(floats(a), floats(b), { dataRange: 2 }).value).toBeCloseTo(psnr(a, b).value + 20 * Math.log10(2), 5);
  });

  it('refuses pairs that do not compare', () => {
    const image = ramp(8, 8);
    expect(() => psnr(image, ramp(8, 9))).toThrow('8 x 9 x 3');
    expect(() => psnr(image, floats(image))).toThrow('bytes like the reference');
    expect(() => psnr(image, { ...image, data: new Uint8Array(3) })).toThrow(InputError);
    expect(() => psnr(image, image, { dataRange: 0 })).toThrow(InputError);
  });
});

describe('ssim', () => {
  it('of constant pictures is the luminance term', () => {
    const [a, b] = [picture(9, 9, () => 100), picture(9, 9, () => 150)];
    const c1 = (0.01 * 255) ** 2;
    const expected = (2 * 100 * 150 + c1) / (100 ** 2 + 150 ** 2 + c1);
    for (const convention of ['scikit-image', 'wang'] as const) {
      expect(ssim(a, b, { convention, windowSize: 7 }).value).toBeCloseTo(expected, 9);
    }
  });

  it('of one window is the formula with the sample covariance', () => {
    const [a, b] = [ramp(7, 7), noise(ramp(7, 7), 30)];
    const channel = (image: ImageSignal): number[] => [...image.data].filter((_, index) => index % 3 === 0);
    const [x, y] = [channel(a), channel(b)];
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [mx, my] = [mean(x), mean(y)];
    const cov = (p: readonly number[], q: readonly number[], mp: number, mq: number): number =>
      p.reduce((sum, value, index) => sum + (value - mp) * (q[index]! - mq), 0) / 48;
    const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
    const expected =
      ((2 * mx * my + c1) * (2 * cov(x, y, mx, my) + c2)) /
      ((mx * mx + my * my + c1) * (cov(x, x, mx, mx) + cov(y, y, my, my) + c2));
    const grey = (values: readonly number[]): ImageSignal => ({
      modality: 'image',
      width: 7,
      height: 7,
      channels: 1,
      data: Uint8Array.from(values),
    });
    expect(ssim(grey(x), grey(y)).value).toBeCloseTo(expected, 10);
  });

  it('is 1 for equal pictures, and symmetric', () => {
    const [a, b] = [ramp(20, 15), noise(ramp(20, 15), 25)];
    for (const convention of ['scikit-image', 'wang', 'pytorch-msssim', 'llamagen'] as const) {
      expect(ssim(a, a, { convention }).value).toBeCloseTo(1, 12);
      expect(ssim(a, b, { convention }).value).toBeCloseTo(ssim(b, a, { convention }).value, 12);
      expect(ssim(a, b, { convention }).protocol.convention).toBe(convention);
    }
    expect(ssim(a, b, { convention: 'llamagen' }).value).toBeGreaterThan(ssim(floats(a), floats(b)).value);
    expect(ssim(a, b, { convention: 'llamagen' }).protocol.dataRange).toBe(2);
  });

  it('can clip negative channels', () => {
    const wave = (sign: number): ImageSignal =>
      picture(15, 15, (x, y) => 128 + sign * 100 * ((x + y) % 2 === 0 ? 1 : -1));
    expect(ssim(wave(1), wave(-1)).value).toBeLessThan(-0.9);
    expect(ssim(wave(1), wave(-1), { nonnegative: true }).value).toBe(0);
  });

  it('refuses pictures smaller than the window, and even windows', () => {
    expect(() => ssim(ramp(6, 9), ramp(6, 9))).toThrow('at least 7 x 7');
    expect(() => ssim(ramp(9, 9), ramp(9, 9), { windowSize: 4 })).toThrow(InputError);
  });
});

describe('msSsim', () => {
  it('is 1 for equal pictures and falls with noise', () => {
    const image = ramp(165, 161);
    expect(msSsim(image, image).value).toBeCloseTo(1, 12);
    const values = [5, 25, 80].map((amount) => msSsim(image, noise(image, amount)).value);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(values[2]).toBeLessThan(0.99);
  });

  it('of one scale is SSIM to the power of its weight', () => {
    const [a, b] = [ramp(170, 161), noise(ramp(170, 161), 30)];
    const grey = ({ data, ...image }: ImageSignal): ImageSignal => ({
      ...image,
      channels: 1,
      data: data.filter((_, index) => index % 3 === 0),
    });
    const single = ssim(grey(a), grey(b), { convention: 'pytorch-msssim' }).value;
    expect(msSsim(grey(a), grey(b), { weights: [2] }).value).toBeCloseTo(single ** 2, 12);
  });

  it('refuses pictures that are too small for five scales', () => {
    expect(() => msSsim(ramp(160, 200), ramp(160, 200))).toThrow('more than 160');
    expect(() => msSsim(ramp(161, 200), ramp(161, 200), { weights: [] })).toThrow(InputError);
  });
});
