import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../test/on-backends';
import { ShapeError } from '../errors/shape-error';
import { expectClose } from '../test/expect-close';
import { gelu, silu } from './activations';
import { conv2d } from './conv2d';
import { groupNorm } from './group-norm';
import { layerNorm } from './layer-norm';
import { linear } from './linear';
import { patchify, unpatchify } from './pixel-shuffle';
import { upsampleNearest } from './upsample';

/** By its Taylor series, in doubles; good to 1e-15 for |x| < 4. */
function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; n < 80; n += 1) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}

function normalised(values: readonly number[], epsilon: number): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return values.map((value) => (value - mean) / Math.sqrt(variance + epsilon));
}

describe('layers', () => {
  onBackends(() => {
    it.each([
      ['without leading axes', [3]],
      ['one row', [1, 3]],
      ['many axes', [2, 2, 2, 3]],
    ])('linear: %s', (_, shape) => {
      const count = shape.reduce((product, length) => product * length, 1);
      const [x, w, b] = [wave(count), wave(6, 1), wave(2, 2)];
      const actual = resultOf(() =>
        linear(tf.tensor(x, shape), { kernel: tf.tensor2d(w, [3, 2]), bias: tf.tensor1d(b) }),
      );
      const expected = Array.from({ length: (count / 3) * 2 }, (__, i) => {
        const [row, out] = [Math.floor(i / 2), i % 2];
        return b[out]! + [0, 1, 2].reduce((sum, k) => sum + x[row * 3 + k]! * w[k * 2 + out]!, 0);
      });
      expectClose(actual, { shape: [...shape.slice(0, -1), 2], data: Float32Array.from(expected) });
    });

    it('linear refuses another last axis', () => {
      tf.tidy(() => {
        const kernel = tf.zeros([3, 2]) as tf.Tensor2D;
        expect(() => linear(tf.zeros([2, 4]), { kernel })).toThrow(ShapeError);
        expect(() => linear(tf.zeros([2, 4]), { kernel })).toThrow('linear: x: expected [..., 3], got [2, 4]');
      });
    });

    it.each([
      ['3x3, same size', 3, 1, undefined],
      ['1x1', 1, 1, undefined],
      ['patches', 2, 2, 0],
      ['stride 2 with a zero border', 3, 2, 1],
    ])('conv2d: %s', (_, size, stride, padding) => {
      const [height, width, from, to] = [4, 6, 2, 3];
      const [x, w, b] = [wave(height * width * from), wave(size * size * from * to, 1), wave(to, 2)];
      const border = padding ?? (size - 1) / 2;
      const rows = Math.floor((height + 2 * border - size) / stride) + 1;
      const columns = Math.floor((width + 2 * border - size) / stride) + 1;
      const expected = new Float32Array(rows * columns * to);
      for (let i = 0; i < expected.length; i += 1) {
        const [out, column, row] = [i % to, Math.floor(i / to) % columns, Math.floor(i / to / columns)];
        let sum: number = b[out]!;
        for (let ky = 0; ky < size; ky += 1)
          for (let kx = 0; kx < size; kx += 1) {
            const [y, left] = [row * stride + ky - border, column * stride + kx - border];
            if (y < 0 || y >= height || left < 0 || left >= width) continue;
            for (let c = 0; c < from; c += 1)
              sum += x[(y * width + left) * from + c]! * w[((ky * size + kx) * from + c) * to + out]!;
          }
        expected[i] = sum;
      }
      const actual = resultOf(() =>
        conv2d(
          tf.tensor4d(x, [1, height, width, from]),
          { kernel: tf.tensor4d(w, [size, size, from, to]), bias: tf.tensor1d(b) },
          { stride, ...(padding !== undefined && { padding }) },
        ),
      );
      expectClose(actual, { shape: [1, rows, columns, to], data: expected }, 1e-5);
    });

    it.each([1e-5, 0.1])('layerNorm: biased variance plus %f', (epsilon) => {
      const [x, scale, offset] = [wave(10), wave(5, 1), wave(5, 2)];
      const rows = [0, 5].map((at) => normalised(Array.from(x.subarray(at, at + 5)), epsilon));
      const expected = rows.flatMap((row) => row.map((value, i) => value * scale[i]! + offset[i]!));
      const params = () => ({ scale: tf.tensor1d(scale), offset: tf.tensor1d(offset) });
      expectClose(
        valuesOf(() => layerNorm(tf.tensor2d(x, [2, 5]), params(), epsilon)),
        expected,
        1e-5,
      );
      expectClose(
        valuesOf(() => layerNorm(tf.tensor2d(x, [2, 5]), { scale: tf.ones([5]) as tf.Tensor1D }, epsilon)),
        rows.flat(),
        1e-5,
      );
    });

    it('groupNorm: neighboring channels share a group, over all places', () => {
      const [x, scale, offset] = [wave(2 * 3 * 4), wave(4, 1), wave(4, 2)];
      const expected = new Float32Array(x.length);
      for (const batch of [0, 1])
        for (const group of [0, 1]) {
          const places = Array.from({ length: x.length }, (_, i) => i).filter(
            (i) => Math.floor(i / 12) === batch && Math.floor((i % 4) / 2) === group,
          );
          const values = normalised(
            places.map((i) => x[i]!),
            1e-6,
          );
          places.forEach((i, k) => (expected[i] = values[k]! * scale[i % 4]! + offset[i % 4]!));
        }
      const actual = valuesOf(() =>
        groupNorm(tf.tensor4d(x, [2, 1, 3, 4]), { scale: tf.tensor1d(scale), offset: tf.tensor1d(offset) }, 2),
      );
      expectClose(actual, expected, 1e-5);
      tf.tidy(() => {
        const scaleOnly = { scale: tf.ones([4]) as tf.Tensor1D };
        expect(() => groupNorm(tf.zeros([1, 1, 1, 4]), scaleOnly)).toThrow('channels divisible by 32');
      });
    });

    it('gelu: by the error function, or the approximation of the paper', () => {
      const x = [-3, -1.5, -0.2, 0, 0.7, 2.5];
      expectClose(
        valuesOf(() => gelu(tf.tensor1d(x))),
        x.map((value) => (value / 2) * (1 + erf(value / Math.SQRT2))),
        2e-6,
      );
      expectClose(
        valuesOf(() => gelu(tf.tensor1d(x), 'tanh')),
        x.map((value) => (value / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (value + 0.044715 * value ** 3)))),
        2e-6,
      );
    });

    it('silu stays finite far out', () => {
      const x = [-200, -1, 0, 1, 200];
      const expected = x.map((value) => value / (1 + Math.exp(-value)));
      expectClose(
        valuesOf(() => silu(tf.tensor1d(x))),
        expected,
        1e-6,
      );
    });

    it('patchify lays pixels into channels in both orders, and unpatchify undoes it', () => {
      const x = wave(4 * 6 * 3);
      const image = () => tf.tensor4d(x, [1, 4, 6, 3]);
      const place = (patch: number, y: number, left: number, c: number) => {
        const [row, column] = [Math.floor(patch / 3), patch % 3];
        return x[((row * 2 + y) * 6 + column * 2 + left) * 3 + c]!;
      };
      const byPixel = Array.from({ length: x.length }, (_, i) => {
        const k = i % 12;
        return place(Math.floor(i / 12), Math.floor(k / 6), Math.floor(k / 3) % 2, k % 3);
      });
      const byChannel = Array.from({ length: x.length }, (_, i) => {
        const k = i % 12;
        return place(Math.floor(i / 12), Math.floor(k / 2) % 2, k % 2, Math.floor(k / 4));
      });
      expectClose(
        resultOf(() => patchify(image(), 2)),
        { shape: [1, 2, 3, 12], data: Float32Array.from(byPixel) },
        0,
      );
      expectClose(
        valuesOf(() => patchify(image(), 2, 'channel-pixel')),
        byChannel,
        0,
      );
      for (const order of ['pixel-channel', 'channel-pixel'] as const) {
        expectClose(
          valuesOf(() => unpatchify(patchify(image(), 2, order), 2, order)),
          x,
          0,
        );
      }
      tf.tidy(() => {
        expect(() => patchify(tf.zeros([1, 5, 6, 3]), 2)).toThrow('height and width divisible by 2');
        expect(() => unpatchify(tf.zeros([1, 2, 2, 6]), 2)).toThrow('channels divisible by 4');
      });
    });

    it('upsampleNearest repeats every pixel', () => {
      const actual = resultOf(() => upsampleNearest(tf.tensor4d([1, 2, 3, 4], [1, 2, 2, 1]), 2));
      const expected = [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4];
      expectClose(actual, { shape: [1, 4, 4, 1], data: Float32Array.from(expected) }, 0);
    });
  });
});
