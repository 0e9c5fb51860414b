import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, valuesOf, wave } from '../../test/on-backends';
import { expectClose } from '../test/expect-close';
import {
  decodeFsq,
  encodeFsq,
  fsqCodes,
  fsqDigits,
  fsqDigitsOfIds,
  fsqIds,
  fsqVocabularySize,
  type FsqBound,
  type FsqConfig,
} from './fsq';

const flextok: FsqConfig = { levels: [8, 8, 8, 5, 5, 5], bound: 'tanh' };
const bounds: readonly FsqBound[] = ['tanh', 'symmetric', 'sigmoid'];
const idsOf = (config: FsqConfig, ...rows: readonly number[][]) =>
  valuesOf(() => encodeFsq(tf.tensor2d([...rows]), config).ids);

/** In doubles. `symmetric` and `sigmoid` as documented, `tanh` as in the paper. */
function digit(z: number, levels: number, bound: FsqBound): number {
  if (bound === 'symmetric') return Math.floor(((levels - 1) * (Math.tanh(z) + 1)) / 2 + 0.5);
  if (bound === 'sigmoid') return Math.min(levels - 1, Math.max(0, Math.round(levels / (1 + Math.exp(-2 * z)) - 0.5)));
  const half = ((levels - 1) * 1.001) / 2;
  const offset = levels % 2 === 0 ? 0.5 : 0;
  return Math.round(Math.tanh(z + Math.atanh(offset / half)) * half - offset) + Math.floor(levels / 2);
}

describe('finite scalar quantization', () => {
  onBackends(() => {
    it('has the check values of the official code', () => {
      const rows = [
        [0, 0, 0, 0, 0, 0],
        new Array<number>(6).fill(1e4),
        new Array<number>(6).fill(-1e4),
        [0.5, -0.5, 1, -1, 0.3, 2],
      ];
      expect(idsOf(flextok, ...rows)).toEqual([32036, 63999, 0, 59285]);
      const three = [
        [0, 0, 0],
        [0.7, -0.4, 1.1],
        [-2, 0.9, -0.3],
      ];
      expect(idsOf({ levels: [8, 5, 4], bound: 'tanh' }, ...three)).toEqual([100, 134, 104]);
    });

    it.each(bounds)('%s: equals the formula in doubles away from the borders', (bound) => {
      const levels = [2, 3, 4, 5, 8, 16];
      const z = wave(600, 3).map((value) => 2.5 * value);
      const actual = valuesOf(() => fsqDigits(tf.tensor2d(z, [100, 6]), { levels, bound }));
      const near = (i: number) => {
        const [low, high] = [z[i]! - 1e-4, z[i]! + 1e-4].map((value) => digit(value, levels[i % 6]!, bound));
        return low !== high;
      };
      actual.forEach((value, i) => expect(near(i) || value === digit(z[i]!, levels[i % 6]!, bound)).toBe(true));
    });

    it.each(bounds)('%s: saturates to levels that exist', (bound) => {
      for (const levels of [[2], [3], [8], [16], [33]]) {
        const last = levels[0]! - 1;
        const extreme = [1e4, -1e4, Infinity, -Infinity];
        const digits = valuesOf(() => fsqDigits(tf.tensor2d(extreme, [4, 1]), { levels, bound }));
        expect(digits.map((value) => value + 0)).toEqual([last, 0, last, 0]);
      }
    });

    it('counts all 64,000 ids there and back', () => {
      const ids = Int32Array.from({ length: fsqVocabularySize(flextok) }, (_, index) => index);
      expect(ids).toHaveLength(64_000);
      const back = valuesOf(() => fsqIds(fsqDigitsOfIds(tf.tensor1d(ids), flextok), flextok));
      expect(Int32Array.from(back)).toEqual(ids);
      const top = Int32Array.from({ length: 1000 }, (_, index) => 2 ** 24 - 1 - index);
      const large: FsqConfig = { levels: [256, 256, 256], bound: 'tanh' };
      expect(valuesOf(() => fsqIds(fsqDigitsOfIds(tf.tensor1d(top), large), large))).toEqual(Array.from(top));
    });

    it('counts the first component as least significant', () => {
      expect(
        valuesOf(() => fsqDigitsOfIds(tf.tensor1d([1, 8, 40], 'int32'), { levels: [8, 5, 4], bound: 'tanh' })),
      ).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    });

    it('gives codes in the official spacing: asymmetric where the levels are even', () => {
      const codes = (levels: number, bound: FsqBound) =>
        valuesOf(() =>
          fsqCodes(
            tf.tensor2d(
              Array.from({ length: levels }, (_, i) => i),
              [levels, 1],
            ),
            { levels: [levels], bound },
          ),
        );
      expectClose(codes(8, 'tanh'), [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75]);
      expectClose(codes(5, 'tanh'), [-1, -0.5, 0, 0.5, 1]);
      expectClose(codes(2, 'symmetric'), [-1, 1]);
      expectClose(codes(5, 'symmetric'), [-1, -0.5, 0, 0.5, 1]);
      expectClose(codes(4, 'sigmoid'), [-0.75, -0.25, 0.25, 0.75]);
    });

    it('decodes ids to the codes that encoding gave', () => {
      for (const bound of bounds) {
        const config: FsqConfig = { levels: [8, 5, 5, 5], bound };
        const [codes, decoded] = tf.tidy(() => {
          const encoded = encodeFsq(tf.tensor3d(wave(120, 4), [2, 15, 4]), config);
          return [encoded.codes, decodeFsq(encoded.ids, config)].map((x) => Float32Array.from(x.dataSync()));
        });
        expectClose(decoded!, codes!, 1e-6);
      }
    });

    it('rounds as it is told', () => {
      const down = (x: tf.Tensor) => tf.floor(x);
      const config: FsqConfig = { levels: [5], bound: 'symmetric' };
      const z = () => tf.tensor2d([[0.4]]);
      expect(valuesOf(() => fsqDigits(z(), config))).toEqual([3]);
      expect(valuesOf(() => fsqDigits(z(), config, { round: down }))).toEqual([2]);
    });

    it('leaves no tensors behind', () => {
      const z = tf.zeros([3, 6]);
      const { ids, codes } = encodeFsq(z, flextok);
      tf.dispose([z, ids, codes]);
    });
  });
});
