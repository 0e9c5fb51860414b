import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../test/on-backends';
import { ConfigError, ShapeError } from '../errors';
import { expectClose } from '../test/expect-close';
import { distributions, inverseErf, type DistributionName } from './distributions';
import { fspMomentPresets, fspQuantizer } from './fsp';

const names = Object.keys(distributions) as DistributionName[];

describe('finite scalar perturbation', () => {
  onBackends(() => {
    it.each(names)('%s: the quantile undoes the cumulative distribution', (name) => {
      const p = [0.001, 0.03, 0.25, 0.5, 0.6, 0.9, 0.995];
      const { cumulative, quantile } = distributions[name];
      const x = valuesOf(() => quantile(tf.tensor1d(p)));
      expect(x).toEqual([...x].sort((a, b) => a - b));
      expectClose(
        valuesOf(() => cumulative(tf.tensor1d(x))),
        p,
        3e-6,
      );
      expect(x[3]).toBeCloseTo(0, 6);
    });

    it('inverts erf to the precision of float32', () => {
      // erf of the right-hand sides, in double precision.
      const pairs = [
        [0.1124629160182849, 0.1],
        [0.5204998778130465, 0.5],
        [-0.8427007929497149, -1],
        [0.9953222650189527, 2],
        [0.9999779095030014, 3],
      ];
      expectClose(
        valuesOf(() => inverseErf(tf.tensor1d(pairs.map(([y]) => y!)))).slice(0, 4),
        pairs.slice(0, 4).map(([, x]) => x!),
        3e-5,
      );
    });

    it('gives middles of bins, decodes what it encodes, and ids of its own codes', () => {
      const options = fc.record({
        levels: fc.array(fc.integer({ min: 2, max: 9 }), { minLength: 1, maxLength: 4 }),
        act_name: fc.constantFrom(...names),
        need_inv_act: fc.boolean(),
      });
      fc.assert(
        fc.property(options, (args) => {
          const config = fspQuantizer.parseConfig(args);
          const size = args.levels.length;
          const z = () => tf.mul(tf.tensor2d(wave(6 * size), [6, size]), 2);
          const [ids, codes, decoded] = tf.tidy(() => {
            const encoded = fspQuantizer.encode(z(), {}, config);
            return [encoded.ids!, encoded.codes, fspQuantizer.decode(encoded.ids!, {}, config)].map((x) =>
              x.dataSync().slice(),
            );
          }) as unknown as Float32Array[];
          expectClose(decoded!, codes!, 1e-5);
          const count = args.levels.reduce((product, level) => product * level, 1);
          for (const id of ids!) expect(id >= 0 && id < count).toBe(true);
        }),
        { numRuns: 15 },
      );
    });

    it.each(names)('%s: encodes the codes of ids as those ids where the activation is inverted', (act_name) => {
      const config = fspQuantizer.parseConfig({ levels: [7, 4], act_name, need_inv_act: true });
      const ids = Array.from({ length: 28 }, (_, id) => id);
      const again = () => {
        const codes = fspQuantizer.decode(tf.tensor1d(ids, 'int32'), {}, config);
        return fspQuantizer.encode(codes, {}, config).ids!;
      };
      expect(valuesOf(again)).toEqual(ids);
    });

    it('has codes of mean 0 and variance 1 where the bins are equally full', () => {
      const config = fspQuantizer.parseConfig({ levels: [1000], act_name: 'sigmoid' });
      const codes = valuesOf(() => fspQuantizer.decode(tf.range(0, 1000, 1, 'int32'), {}, config));
      expect(codes.reduce((sum, code) => sum + code, 0) / 1000).toBeCloseTo(0, 5);
      expect(codes.reduce((sum, code) => sum + code * code, 0) / 1000).toBeCloseTo(1, 3);
    });

    it('puts saturated components into the outer bins, and takes no vectors at all', () => {
      const config = fspQuantizer.parseConfig({ levels: [8, 5] });
      expect(valuesOf(() => fspQuantizer.encode(tf.tensor2d([[50, -50]]), {}, config).ids!)).toEqual([7]);
      expect(resultOf(() => fspQuantizer.encode(tf.zeros([0, 2]), {}, config).ids!).shape).toEqual([0]);
      expect(() => tf.tidy(() => fspQuantizer.encode(tf.zeros([1, 3]), {}, config))).toThrow(ShapeError);
    });
  });

  it('knows the official goals, and refuses what is not an option', () => {
    expect(fspQuantizer.parseConfig({ levels: [4] }).moments).toBe(fspMomentPresets.var_tanh);
    expect(() => fspQuantizer.parseConfig({ levels: [4], act_name: 'relu' })).toThrow(ConfigError);
    expect(() => fspQuantizer.parseConfig({ levels: [4], quantize_rate: 2 })).toThrow(ConfigError);
    expect(() => fspQuantizer.parseConfig({ levels: new Array(32).fill(4) })).toThrow(ConfigError);
  });
});
