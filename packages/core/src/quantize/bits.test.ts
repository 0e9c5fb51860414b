import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf } from '../../test/on-backends';
import { ShapeError } from '../errors';
import { bitSigns, bitsOfGroupIds, bitsOfIds, groupIds, idsOfBits, regroupIds, signBits, type BitOrder } from './bits';
import { mixedRadixDigits, mixedRadixNumbers } from './integer-division';

const orders: readonly BitOrder[] = ['msb', 'lsb'];
const tensor = (values: readonly number[], shape: number[] = [values.length]) => tf.tensor([...values], shape, 'int32');

describe('bits and ids', () => {
  onBackends(() => {
    it('counts the first channel as most or as least significant', () => {
      const bits = () => signBits(tf.tensor1d([0.2, -0.1, 0.3, -0.7]));
      expect(valuesOf(() => idsOfBits(bits(), 'msb'))).toEqual([10]);
      expect(valuesOf(() => idsOfBits(bits(), 'lsb'))).toEqual([5]);
    });

    it('gives zero, minus zero and NaN the bit 0', () => {
      expect(valuesOf(() => signBits(tf.tensor1d([0, -0, Number.NaN, 1e-30, -1e-30])))).toEqual([0, 0, 0, 1, 0]);
      expect(valuesOf(() => bitSigns(tensor([0, 1]), 0.5))).toEqual([-0.5, 0.5]);
    });

    it('has every id of up to 31 bits there and back', () => {
      const cases = fc.integer({ min: 1, max: 31 }).chain((count) =>
        fc.record({
          count: fc.constant(count),
          order: fc.constantFrom(...orders),
          ids: fc.array(fc.integer({ min: 0, max: 2 ** count - 1 }), { minLength: 1, maxLength: 6 }),
        }),
      );
      fc.assert(
        fc.property(cases, ({ count, order, ids }) => {
          const bits = valuesOf(() => bitsOfIds(tensor(ids), count, order));
          const expected = ids.flatMap((id) => {
            const digits = [...id.toString(2).padStart(count, '0')].map(Number);
            return order === 'msb' ? digits : digits.reverse();
          });
          expect(bits).toEqual(expected);
          expect(valuesOf(() => idsOfBits(tensor(bits, [ids.length, count]), order))).toEqual(ids);
        }),
        { numRuns: 60 },
      );
    });

    it('reads ids near 2^31 exactly', () => {
      const largest = [2 ** 31 - 1, 2 ** 30, 2 ** 30 - 1, 2 ** 25 - 1, 2 ** 24 + 1, 0];
      const back = () => idsOfBits(bitsOfIds(tensor(largest), 31, 'msb'), 'msb');
      expect(valuesOf(back)).toEqual(largest);
    });

    it('keeps tokens of 36 bits as groups: the ids are those of exact arithmetic', () => {
      fc.assert(
        fc.property(fc.bigInt({ min: 0n, max: 2n ** 36n - 1n }), (id) => {
          const bits = [...id.toString(2).padStart(36, '0')].map(Number);
          const groups = valuesOf(() => groupIds(tensor(bits, [1, 36]), [9, 9, 9, 9], 'msb'));
          expect(groups.reduce((sum, group) => sum * 512n + BigInt(group), 0n)).toBe(id);
          expect(valuesOf(() => bitsOfGroupIds(tensor(groups, [1, 4]), [9, 9, 9, 9], 'msb'))).toEqual(bits);
        }),
        { numRuns: 30 },
      );
    });

    it('cuts the bits of several groups another way, and back', () => {
      const from = [8, 8];
      const to = [4, 4, 8];
      fc.assert(
        fc.property(fc.constantFrom(...orders), fc.nat(255), fc.nat(255), (order, first, second) => {
          const cut = valuesOf(() => regroupIds(tensor([first, second], [1, 2]), from, to, order));
          expect(cut[2]).toBe(second);
          const [low, high] = [first % 16, first >> 4];
          expect(cut.slice(0, 2)).toEqual(order === 'lsb' ? [low, high] : [high, low]);
          expect(valuesOf(() => regroupIds(tensor(cut, [1, 3]), to, from, order))).toEqual([first, second]);
        }),
        { numRuns: 30 },
      );
    });

    it('has mixed radices beyond 2^24 there and back', () => {
      const levels = [7, 1000, 3, 999, 99];
      const count = levels.reduce((product, level) => product * level, 1);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 0, max: count - 1 }), { minLength: 1, maxLength: 4 }), (numbers) => {
          const digits = valuesOf(() => mixedRadixDigits(tensor(numbers), levels));
          digits.forEach((digit, index) => expect(digit).toBeLessThan(levels[index % 5]!));
          expect(Math.min(...digits)).toBeGreaterThanOrEqual(0);
          expect(valuesOf(() => mixedRadixNumbers(tensor(digits, [numbers.length, 5]), levels))).toEqual(numbers);
        }),
        { numRuns: 60 },
      );
    });

    it('takes no tokens at all', () => {
      expect(resultOf(() => idsOfBits(tensor([], [0, 4]), 'msb')).shape).toEqual([0]);
      expect(resultOf(() => bitsOfIds(tensor([], [0]), 4, 'lsb')).shape).toEqual([0, 4]);
    });

    it('refuses what does not fit an int32 or the groups', () => {
      const bits = tf.zeros([2, 36], 'int32');
      expect(() => idsOfBits(bits, 'msb')).toThrow(ShapeError);
      expect(() => groupIds(bits, [18, 9], 'msb')).toThrow(ShapeError);
      expect(() => bitsOfIds(bits, 32, 'msb')).toThrow(ShapeError);
      expect(() => bitsOfGroupIds(bits, [18, 18], 'msb')).toThrow(ShapeError);
      bits.dispose();
    });
  });
});
