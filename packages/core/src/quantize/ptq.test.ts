import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../test/on-backends';
import { ConfigError } from '../errors';
import { expectClose } from '../test/expect-close';
import { errorFunction, normalCumulative, normalQuantile } from './normal-distribution';
import { normalLevels, ptqLevels, ptqQuantizer } from './ptq';

const config = (bits: number, more: object = {}) => ptqQuantizer.parseConfig({ bits, ...more });

describe('the normal distribution in double precision', () => {
  it('has the tabulated values', () => {
    expect(errorFunction(0.5)).toBeCloseTo(0.5204998778130465, 15);
    expect(errorFunction(-1)).toBeCloseTo(-0.8427007929497149, 15);
    expect(errorFunction(3)).toBeCloseTo(0.9999779095030014, 15);
    expect(normalCumulative(-6) / 9.865876450376946e-10).toBeCloseTo(1, 12);
    expect(normalCumulative(-12) / 1.776482112077679e-33).toBeCloseTo(1, 12);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 12);
    expect([0, 0.5, 1].map(normalQuantile)).toEqual([-Infinity, expect.closeTo(0, 15), Infinity]);
  });

  it('is undone by its quantile', () => {
    for (let i = 1; i < 400; i += 1) expect(normalCumulative(normalQuantile(i / 400))).toBeCloseTo(i / 400, 14);
  });
});

describe('post-training quantization', () => {
  it('has the golden levels', () => {
    const six = normalLevels(config(6));
    expectClose(six.slice(0, 3), [-2.4370958695119, -1.9942368498281, -1.7642065499396], 1e-11);
    expectClose(six.slice(31, 33), [-0.0195855376251, 0.0195855376251], 1e-12);
    expectClose([ptqLevels(config(6))[0]!, ptqLevels(config(6))[32]!], [-4.0618264491865, 0.0326425627085], 1e-11);
    expectClose(
      [4, 5, 8].map((bits) => normalLevels(config(bits))[0]!),
      [-1.9387064517709, -2.2056694954521, -2.8032935663499],
      1e-11,
    );
  });

  it('increases, and is symmetric', () => {
    for (let bits = 1; bits <= 8; bits += 1) {
      const levels = normalLevels(config(bits));
      levels.forEach((level, index) => {
        expect(level).toBeCloseTo(-levels[levels.length - 1 - index]!, 12);
        expect(level).toBeGreaterThan(levels[index - 1] ?? Number.NEGATIVE_INFINITY);
      });
    }
  });

  it('repeats the rounding of float32 where it is asked to, within the error known of it', () => {
    for (const [bits, error] of [
      [6, 8.8e-6],
      [7, 2.1e-5],
      [8, 5e-5],
    ] as const) {
      const exact = ptqLevels(config(bits));
      const rounded = ptqLevels(config(bits, { precision: 'float32' }));
      const largest = Math.max(...exact.map((level, index) => Math.abs(level - rounded[index]!)));
      expect(largest).toBeLessThan(error * 1.1);
      expect(largest).toBeGreaterThan(error / 2);
    }
  });

  onBackends(() => {
    it('takes the nearest level, which is not always that of the part of the distribution', () => {
      const levels = ptqLevels(config(3));
      const edge = (normalQuantile(1 / 8) / 3) * 5;
      const middle = (levels[0]! + levels[1]!) / 2;
      expect(edge).toBeGreaterThan(middle);
      const between = (edge + middle) / 2;
      const ids = valuesOf(
        () => ptqQuantizer.encode(tf.tensor1d([between, middle - 0.01, -99, 99, 0.001]), {}, config(3)).ids!,
      );
      expect(ids).toEqual([1, 0, 0, 7, 4]);
    });

    it('is monotone, gives every level its own id, and decodes to what it encoded', () => {
      for (const bits of [1, 4, 8]) {
        const own = config(bits, { min_range: -3, max_range: 4 });
        const sorted = () => tf.linspace(-4, 5, 300);
        const ids = valuesOf(() => ptqQuantizer.encode(sorted(), {}, own).ids!);
        expect(ids).toEqual([...ids].sort((a, b) => a - b));
        const all = () => tf.range(0, 2 ** bits, 1, 'int32');
        const again = valuesOf(() => ptqQuantizer.encode(ptqQuantizer.decode(all(), {}, own), {}, own).ids!);
        expect(again).toEqual(valuesOf(all));
        const z = () => tf.tensor3d(wave(24), [2, 3, 4]);
        const decoded = () => ptqQuantizer.decode(ptqQuantizer.encode(z(), {}, own).ids!, {}, own);
        expectClose(
          resultOf(decoded),
          resultOf(() => ptqQuantizer.encode(z(), {}, own).codes),
          0,
        );
      }
      expect(resultOf(() => ptqQuantizer.encode(tf.zeros([0, 16]), {}, config(4)).ids!).shape).toEqual([0, 16]);
    });
  });

  it('refuses an empty range', () => {
    expect(() => config(4, { min_range: 1, max_range: 1 })).toThrow(ConfigError);
    expect(() => config(0)).toThrow(ConfigError);
  });
});
