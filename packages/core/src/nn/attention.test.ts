import * as tf from '@tensorflow/tfjs-core';
import { describe, it } from 'vitest';
import { onBackends, resultOf, wave } from '../../test/on-backends';
import { expectClose } from '../test/expect-close';
import { scaledDotProductAttention, selfAttention } from './attention';
import { vitBlock } from './vit-block';

/** One head in doubles: q `[N, D]`, k and v `[M, D]`. */
function attend(q: number[][], k: number[][], v: number[][], bias?: number[][]): number[][] {
  const dim = q[0]!.length;
  return q.map((query, row) => {
    const scores = k.map(
      (key, column) =>
        key.reduce((sum, value, i) => sum + value * query[i]!, 0) / Math.sqrt(dim) + (bias?.[row]![column] ?? 0),
    );
    const largest = Math.max(...scores);
    const weights = scores.map((score) => Math.exp(score - largest));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return v[0]!.map((_, i) => weights.reduce((sum, weight, j) => sum + (weight / total) * v[j]![i]!, 0));
  });
}

function rows(data: Float32Array, start: number, count: number, dim: number): number[][] {
  return Array.from({ length: count }, (_, i) => Array.from(data.subarray(start + i * dim, start + (i + 1) * dim)));
}

describe('attention', () => {
  onBackends(() => {
    it('gives every head and picture its own, with other lengths of keys', () => {
      const [batch, heads, n, m, dim] = [2, 3, 2, 5, 4];
      const [q, k, v] = [
        wave(batch * heads * n * dim),
        wave(batch * heads * m * dim, 1),
        wave(batch * heads * m * dim, 2),
      ];
      const expected = Array.from({ length: batch * heads }, (_, head) =>
        attend(rows(q, head * n * dim, n, dim), rows(k, head * m * dim, m, dim), rows(v, head * m * dim, m, dim)),
      ).flat(2);
      const actual = resultOf(() =>
        scaledDotProductAttention(
          tf.tensor4d(q, [batch, heads, n, dim]),
          tf.tensor4d(k, [batch, heads, m, dim]),
          tf.tensor4d(v, [batch, heads, m, dim]),
        ),
      );
      expectClose(actual, { shape: [batch, heads, n, dim], data: Float32Array.from(expected) }, 1e-5);
    });

    it.each([
      [2, 2, 3, 5],
      [2, 1, 1, 5],
      [1, 2, 3, 1],
      [1, 1, 3, 5],
    ])('adds a bias of [%i, %i, %i, %i] to the scores of every head', (...shape) => {
      const sizes = [2, 2, 3, 5] as const;
      const [batch, heads, n, m] = sizes;
      const dim = 4;
      const [q, k, v] = [
        wave(batch * heads * n * dim),
        wave(batch * heads * m * dim, 1),
        wave(batch * heads * m * dim, 2),
      ];
      const given = wave(
        shape.reduce((product, length) => product * length, 1),
        3,
      ).map((value) => 4 * value);
      const biasAt = (...place: readonly number[]) =>
        given[shape.reduce((at, length, axis) => at * length + (length === 1 ? 0 : place[axis]!), 0)]!;
      const expected = Array.from({ length: batch * heads }, (_, head) =>
        attend(
          rows(q, head * n * dim, n, dim),
          rows(k, head * m * dim, m, dim),
          rows(v, head * m * dim, m, dim),
          Array.from({ length: n }, (__, row) =>
            Array.from({ length: m }, (___, column) => biasAt(Math.floor(head / heads), head % heads, row, column)),
          ),
        ),
      ).flat(2);
      const actual = resultOf(() =>
        scaledDotProductAttention(
          tf.tensor4d(q, [batch, heads, n, dim]),
          tf.tensor4d(k, [batch, heads, m, dim]),
          tf.tensor4d(v, [batch, heads, m, dim]),
          tf.tensor4d(given, shape),
        ),
      );
      expectClose(actual, { shape: [batch, heads, n, dim], data: Float32Array.from(expected) }, 1e-5);
    });

    it('survives scores that overflow without the largest taken off', () => {
      const big = tf.fill([1, 1, 2, 4], 1e4) as tf.Tensor4D;
      const actual = resultOf(() => scaledDotProductAttention(big, big, tf.ones([1, 1, 2, 4])));
      big.dispose();
      expectClose(actual.data, new Float32Array(8).fill(1));
    });

    it('takes q, k and v side by side from one product', () => {
      const [batch, length, width, heads] = [2, 3, 6, 2];
      const dim = width / heads;
      const [x, w, b, o] = [wave(batch * length * width), wave(width * 3 * width, 1), wave(3 * width, 2), wave(36, 3)];
      const project = (row: number[], column: number) =>
        b[column]! + row.reduce((sum, value, i) => sum + value * w[i * 3 * width + column]!, 0);
      const expected: number[] = [];
      for (let item = 0; item < batch; item += 1) {
        const input = rows(x, item * length * width, length, width);
        const perHead = Array.from({ length: heads }, (_, head) => {
          const part = (kind: number) =>
            input.map((row) => Array.from({ length: dim }, (__, i) => project(row, kind * width + head * dim + i)));
          return attend(part(0), part(1), part(2));
        });
        for (let row = 0; row < length; row += 1) {
          const merged = perHead.flatMap((head) => head[row]!);
          for (let out = 0; out < width; out += 1)
            expected.push(merged.reduce((sum, value, i) => sum + value * o[i * width + out]!, 0));
        }
      }
      const actual = resultOf(() =>
        selfAttention(
          tf.tensor3d(x, [batch, length, width]),
          {
            qkv: { kernel: tf.tensor2d(w, [width, 3 * width]), bias: tf.tensor1d(b) },
            out: { kernel: tf.tensor2d(o, [width, width]) },
          },
          heads,
        ),
      );
      expectClose(actual, { shape: [batch, length, width], data: Float32Array.from(expected) }, 1e-4);
    });

    it('vitBlock adds both branches to what came in', () => {
      const x = wave(2 * 4);
      const identityBlock = () => {
        const norm = { scale: tf.ones([4]) as tf.Tensor1D, offset: tf.zeros([4]) as tf.Tensor1D };
        const nothing = (from: number, to: number) => ({ kernel: tf.zeros([from, to]) as tf.Tensor2D });
        return {
          norm1: norm,
          attention: { qkv: nothing(4, 12), out: nothing(4, 4) },
          norm2: norm,
          mlpIn: nothing(4, 16),
          mlpOut: { ...nothing(16, 4), bias: tf.tensor1d([1, 2, 3, 4]) },
        };
      };
      const actual = resultOf(() => vitBlock(tf.tensor3d(x, [1, 2, 4]), identityBlock(), 2, 'block'));
      expectClose(
        actual.data,
        Array.from(x, (value, i) => value + (i % 4) + 1),
      );
    });
  });
});
