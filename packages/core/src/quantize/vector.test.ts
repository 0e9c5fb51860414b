import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../test/on-backends';
import { expectClose } from '../test/expect-close';
import { gaussianPosterior, samplePosterior } from './gaussian';
import { l2Normalize, lookup, nearest } from './nearest';
import { decodeVectors, encodeVectors, unitVectors, type VectorForm } from './vector';

const idsOf = (z: number[][], codebook: number[][]) =>
  valuesOf(() => nearest(tf.tensor2d(z), tf.tensor2d(codebook)).ids);

describe('nearest', () => {
  onBackends(() => {
    it('gives ties to the first index', () => {
      expect(
        idsOf(
          [
            [0, 1],
            [1, 0],
          ],
          [
            [1, 1],
            [-1, 1],
            [1, 1],
            [1, 0],
            [1, 0],
          ],
        ),
      ).toEqual([0, 3]);
    });

    it('equals a search over all codes', () => {
      const [count, codes, dim] = [40, 33, 5];
      const [z, e] = [wave(count * dim), wave(codes * dim, 1)];
      const distance = (row: number, code: number) =>
        Array.from({ length: dim }, (_, i) => (z[row * dim + i]! - e[code * dim + i]!) ** 2).reduce((a, b) => a + b, 0);
      const expected = Array.from({ length: count }, (_, row) => {
        const all = Array.from({ length: codes }, (__, code) => distance(row, code));
        return all.indexOf(Math.min(...all));
      });
      const actual = resultOf(() => nearest(tf.tensor(z, [2, 4, 5, dim]), tf.tensor2d(e, [codes, dim])).ids);
      expect(actual.shape).toEqual([2, 4, 5]);
      expect([...actual.data]).toEqual(expected);
    });

    it('measures margins relative to the squared lengths', () => {
      const margins = valuesOf(
        () =>
          nearest(
            tf.tensor2d([[1, 0]]),
            tf.tensor2d([
              [1, 1],
              [3, 0],
            ]),
          ).margins,
      );
      // d = 1 and 4; |z|² + |e|² of the chosen code = 1 + 2.
      expectClose(margins, [(4 - 1) / 3], 1e-6);
      const tie = valuesOf(
        () =>
          nearest(
            tf.tensor2d([[0, 1]]),
            tf.tensor2d([
              [1, 1],
              [-1, 1],
            ]),
          ).margins,
      );
      expectClose(tie, [0]);
    });

    it('works with one code', () => {
      const found = tf.tidy(() => {
        const { ids, margins } = nearest(tf.tensor2d([[1], [5]]), tf.tensor2d([[2]]));
        return { ids: [...ids.dataSync()], margins: [...margins.dataSync()] };
      });
      expect(found.ids).toEqual([0, 0]);
      expect(found.margins.every((margin) => margin > 1e30)).toBe(true);
    });

    it('gives an id in range for vectors that are not finite', () => {
      const ids = idsOf([[Number.NaN], [Infinity], [-Infinity]], [[0], [1]]);
      expect(ids.every((id) => id === 0 || id === 1)).toBe(true);
    });
  });
});

describe('vectors', () => {
  onBackends(() => {
    const codebook = [
      [3, 0],
      [0, 0.1],
      [-1, -1],
    ];

    it('compares lengths and directions, or directions alone', () => {
      const ids = (form: VectorForm) =>
        valuesOf(() => encodeVectors(tf.tensor2d([[0.5, 0.4]]), tf.tensor2d(codebook), form).ids);
      expect(ids({})).toEqual([1]);
      expect(ids(unitVectors)).toEqual([0]);
    });

    it('returns codes as they are compared', () => {
      const codes = (form: VectorForm) =>
        resultOf(() => decodeVectors(tf.tensor2d([[0, 1, 2]], [1, 3], 'int32'), tf.tensor2d(codebook), form));
      expectClose(codes({}), { shape: [1, 3, 2], data: Float32Array.from(codebook.flat()) });
      const half = Math.SQRT1_2;
      expectClose(codes(unitVectors).data, [1, 0, 0, 1, -half, -half]);
    });

    it('normalizes a vector of zeros to zeros', () => {
      expectClose(
        valuesOf(() => l2Normalize(tf.tensor2d([[0, 0]]))),
        [0, 0],
        0,
      );
    });

    it('looks rows up', () => {
      expect(valuesOf(() => lookup(tf.tensor2d(codebook), tf.tensor1d([2, 2, 0], 'int32')))).toEqual([
        -1, -1, -1, -1, 3, 0,
      ]);
    });
  });
});

describe('gaussian', () => {
  onBackends(() => {
    it('halves the channels and clamps the log-variance', () => {
      const parameters = () => tf.tensor3d([1, 2, -99, 99], [1, 1, 4]);
      expectClose(
        valuesOf(() => gaussianPosterior(parameters()).mean),
        [1, 2],
      );
      expectClose(
        valuesOf(() => gaussianPosterior(parameters()).logVariance),
        [-30, 20],
      );
    });

    it('draws mean plus deviation times noise', () => {
      const drawn = valuesOf(() =>
        samplePosterior(
          { mean: tf.tensor1d([1, 1]), logVariance: tf.tensor1d([0, Math.log(4)]) },
          tf.tensor1d([0.5, -1]),
        ),
      );
      expectClose(drawn, [1.5, -1], 1e-6);
    });
  });
});
