import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onBackends, wave } from '../../test/on-backends';
import { expectClose } from '../test/expect-close';
import { nearest, nearestOfParts, type NearestCodes } from './nearest';
import { nearestInBlocks, squaredDistances, type VectorMetric } from './nearest-blocks';

const metrics: readonly VectorMetric[] = ['squared', 'root', 'dot'];

function read(search: () => Pick<NearestCodes, 'ids' | 'margins'>) {
  return tf.tidy(() => {
    const { ids, margins } = search();
    return { ids: Array.from(ids.dataSync()), margins: Float32Array.from(margins.dataSync()) };
  });
}

/** In doubles. */
function score(z: ArrayLike<number>, e: ArrayLike<number>, metric: VectorMetric): number {
  const pairs = Array.from(z, (value, index) => [value, e[index]!] as const);
  if (metric === 'dot') return -pairs.reduce((total, [a, b]) => total + a * b, 0);
  const squared = pairs.reduce((total, [a, b]) => total + (a - b) ** 2, 0);
  return metric === 'squared' ? squared : Math.sqrt(Math.max(squared, 1e-8));
}

describe('search in blocks', () => {
  onBackends((backend) => {
    // 37 vectors, 50 codes of width 5: one vector of zeros, one equal to a code, and codes that occur twice.
    const [count, codes, dim] = [37, 50, 5];
    const e = wave(codes * dim, 1);
    e.copyWithin(30 * dim, 3 * dim, 4 * dim);
    e.copyWithin(49 * dim, 3 * dim, 4 * dim);
    const z = wave(count * dim);
    z.fill(0, 0, dim);
    z.set(e.subarray(3 * dim, 4 * dim), dim);
    const search = (metric: VectorMetric, codesPerBlock: number) =>
      read(() =>
        nearestInBlocks(
          [{ rows: tf.tensor2d(z, [count, dim]), codes: tf.tensor2d(e, [codes, dim]) }],
          metric,
          codesPerBlock,
        ),
      );

    it.each(metrics)('%s: finds what a search in doubles finds', (metric) => {
      const { ids } = search(metric, codes);
      const expected = Array.from({ length: count }, (_, row) => {
        const scores = Array.from({ length: codes }, (__, code) =>
          score(z.subarray(row * dim, (row + 1) * dim), e.subarray(code * dim, (code + 1) * dim), metric),
        );
        return scores.indexOf(Math.min(...scores));
      });
      expect(ids).toEqual(expected);
    });

    it('finds the code that a vector equals', () => {
      expect(search('squared', codes).ids[1]).toBe(3);
      expect(search('root', codes).ids[1]).toBe(3);
    });

    it.each(metrics)('%s: blocks change neither ids nor margins', (metric) => {
      const whole = search(metric, codes);
      for (const codesPerBlock of [1, 7, 64]) {
        const blocked = search(metric, codesPerBlock);
        expect(blocked.ids).toEqual(whole.ids);
        expectClose(blocked.margins, whole.margins, 1e-6);
      }
    });

    it('lets the first of equal codes win across blocks, with no margin', () => {
      const table = [
        [1, 1],
        [0, 5],
        [1, 1],
        [2, 0],
        [0, 5],
        [1, 1],
      ];
      for (const codesPerBlock of [1, 2, 3, 4, 6]) {
        const parts = () => [
          {
            rows: tf.tensor2d([
              [1, 1],
              [0, 4],
            ]),
            codes: tf.tensor2d(table),
          },
        ];
        const found = read(() => nearestInBlocks(parts(), 'squared', codesPerBlock));
        expect(found.ids).toEqual([0, 1]);
        expectClose(found.margins, [0, 0], 0);
      }
    });

    it('has a margin of 0, not NaN, for zeros among zeros', () => {
      for (const metric of metrics) {
        const found = read(() => nearest(tf.zeros([1, 2]), tf.zeros([3, 2]), { metric }));
        expect(found.ids).toEqual([0]);
        expectClose(found.margins, [0], 0);
      }
    });

    it('ties distances below 1e-4 where roots are compared, and only there', () => {
      const table = () => tf.tensor2d([[0.5 + 5e-5], [0.5]]);
      expect(read(() => nearest(tf.tensor2d([[0.5]]), table(), { metric: 'root' })).ids).toEqual([0]);
      expect(read(() => nearest(tf.tensor2d([[0]]), tf.tensor2d([[5e-5], [0]]))).ids).toEqual([1]);
    });

    it('measures margins of every metric without a unit', () => {
      const margins = (metric: VectorMetric, scale: number) =>
        read(() => {
          const rows = tf.mul(tf.tensor2d([[2, 0]]), scale) as tf.Tensor2D;
          return nearest(
            rows,
            tf.mul(
              tf.tensor2d([
                [1, 0],
                [0, 3],
              ]),
              scale,
            ) as tf.Tensor2D,
            { metric },
          );
        }).margins;
      for (const scale of [1, 8]) {
        expectClose(margins('squared', scale), [(13 - 1) / 5], 1e-6);
        expectClose(margins('root', scale), [(Math.sqrt(13) - 1) / Math.sqrt(5)], 1e-6);
        expectClose(margins('dot', scale), [1], 1e-6);
      }
    });

    it('keeps temporaries below a bound, and finds the same', async () => {
      const maximumBytes = 4 * 64 * 10;
      const whole = read(() => nearest(tf.tensor2d(wave(128), [64, 2]), tf.tensor2d(wave(200, 1), [100, 2])));
      const table = tf.tensor2d(wave(200, 1), [100, 2]);
      const rows = tf.tensor2d(wave(128), [64, 2]);
      let bounded: NearestCodes | undefined;
      const { kernels } = await tf.profile(() => {
        bounded = nearest(rows, table, { maximumBytes });
        return bounded.ids;
      });
      const largest = Math.max(
        ...kernels.flatMap((kernel) => kernel.outputShapes.map((shape) => tf.util.sizeFromShape(shape ?? []))),
      );
      expect(largest * 4).toBeLessThanOrEqual(maximumBytes);
      expect(Array.from(await bounded!.ids.data())).toEqual(whole.ids);
      tf.dispose([rows, table, bounded!]);
    });

    it('gives nothing for nothing', () => {
      const found = tf.tidy(() => {
        const { ids, margins } = nearest(tf.zeros([2, 0, 3]), tf.zeros([4, 3]));
        return [ids.shape, margins.shape, ids.dtype];
      });
      expect(found).toEqual([[2, 0], [2, 0], 'int32']);
    });

    it('adds up weighted distances of several parts', () => {
      const [a, b] = [wave(18, 2), wave(27, 3)];
      const [p, q] = [wave(14, 4), wave(21, 5)];
      const weight = 0.3;
      const parts = () => [
        { z: tf.tensor2d(a, [9, 2]), codebook: tf.tensor2d(p, [7, 2]) },
        { z: tf.tensor2d(b, [9, 3]), codebook: tf.tensor2d(q, [7, 3]), weight },
      ];
      const { ids } = read(() => nearestOfParts(parts()));
      const expected = Array.from({ length: 9 }, (_, row) => {
        const scores = Array.from(
          { length: 7 },
          (__, code) =>
            score(a.subarray(row * 2, row * 2 + 2), p.subarray(code * 2, code * 2 + 2), 'squared') +
            weight * score(b.subarray(row * 3, row * 3 + 3), q.subarray(code * 3, code * 3 + 3), 'squared'),
        );
        return scores.indexOf(Math.min(...scores));
      });
      expect(ids).toEqual(expected);
      expect(read(() => nearestOfParts(parts(), { maximumBytes: 1 })).ids).toEqual(expected);
    });

    it('has all squared distances', () => {
      const distances = tf.tidy(() =>
        squaredDistances(
          tf.tensor2d([[1, 2]]),
          tf.tensor2d([
            [1, 0],
            [4, 6],
          ]),
        )
          .dataSync()
          .slice(),
      );
      expectClose(distances, [4, 25], 1e-6);
    });

    it('finds ids in range for any sizes and blocks', () => {
      const size = fc.integer({ min: 1, max: 9 });
      fc.assert(
        fc.property(size, size, size, size, (rows, table, width, codesPerBlock) => {
          const parts = () => [
            {
              rows: tf.tensor2d(wave(rows * width), [rows, width]),
              codes: tf.tensor2d(wave(table * width, 7), [table, width]),
            },
          ];
          const blocked = read(() => nearestInBlocks(parts(), 'squared', codesPerBlock));
          expect(blocked.ids).toEqual(read(() => nearestInBlocks(parts(), 'squared', table)).ids);
          for (const id of blocked.ids) expect(id >= 0 && id < table).toBe(true);
        }),
        { numRuns: backend === 'cpu' ? 30 : 10 },
      );
    });
  });
});
