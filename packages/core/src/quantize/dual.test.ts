import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../test/on-backends';
import { randomWeights } from '../checkpoint/random-weights';
import { ConfigError, ShapeError } from '../errors';
import { expectClose } from '../test/expect-close';
import { dualQuantizer, type DualParams } from './dual';
import { decodeDualScales, dualMultiScaleQuantizer } from './dual-multi-scale';
import { l2Normalize, nearest } from './nearest';

const options = { n_e: 11, split: [4, 2] };
const config = dualQuantizer.parseConfig(options);
const params = (): DualParams => ({
  semantic: tf.tensor2d(wave(44, 1), [11, 4]),
  pixel: tf.tensor2d(wave(22, 2), [11, 2]),
});

describe('the dual quantizer', () => {
  it('has the official options', () => {
    expect(config).toEqual({
      codes: 11,
      semanticDim: 4,
      pixelDim: 2,
      pixelWeight: 1,
      beta: 1,
      entropyWeight: 0,
      semanticAverages: false,
    });
    expect(() => dualQuantizer.parseConfig({ ...options, l2_norm: false })).toThrow(ConfigError);
    expect(() => dualQuantizer.parseConfig({ ...options, split: [4] })).toThrow(ConfigError);
    expect(dualQuantizer.bitsPerToken(dualQuantizer.parseConfig({ n_e: 32_768, split: [32, 8] }))).toBe(15);
  });

  it('has the keys of TokenFlow', () => {
    const { mapped } = randomWeights((map) => dualQuantizer.weights(map, config), 0);
    expect(mapped.map(({ key, shape }) => [key, shape])).toEqual([
      ['quantize.embedding_vqkd.weight', [11, 4]],
      ['quantize.embedding_vqgan.weight', [11, 2]],
    ]);
  });

  onBackends(() => {
    const z = () => tf.tensor3d(wave(90), [3, 5, 6]);
    const encode = (name: 'ids' | 'codes', own = config) =>
      resultOf(() => dualQuantizer.encode(z(), params(), own)[name]!);

    it('equals one codebook of both normalized tables where both count alike', () => {
      const joined = (table: DualParams) => tf.concat([l2Normalize(table.semantic), l2Normalize(table.pixel)], 1);
      const ids = resultOf(() => {
        const [semantic, pixel] = tf.split(z(), [4, 2], -1);
        const halves = tf.concat([l2Normalize(semantic!), l2Normalize(pixel!)], -1);
        return nearest(halves, joined(params()) as tf.Tensor2D).ids;
      });
      expect(encode('ids')).toEqual(ids);
      const decoded = resultOf(() =>
        dualQuantizer.decode(dualQuantizer.encode(z(), params(), config).ids!, params(), config),
      );
      expectClose(decoded, encode('codes'), 0);
      expectClose(
        decoded,
        resultOf(() => tf.gather(joined(params()), tf.tensor2d(ids.data, [3, 5], 'int32'))),
      );
    });

    it('follows one table alone where the other has no weight', () => {
      const semantic = resultOf(() => {
        const [half] = tf.split(z(), [4, 2], -1);
        return nearest(l2Normalize(half!), l2Normalize(params().semantic) as tf.Tensor2D).ids;
      });
      expect(encode('ids', { ...config, pixelWeight: 0 })).toEqual(semantic);
      expect(encode('ids')).not.toEqual(semantic);
    });
  });
});

describe('the dual multi-scale quantizer', () => {
  const scaled = dualMultiScaleQuantizer.parseConfig({ ...options, scales: [1, [1, 2], [3, 4]] });

  it('takes sides and pairs', () => {
    expect(scaled.scales).toEqual([
      [1, 1],
      [1, 2],
      [3, 4],
    ]);
    expect(() => dualMultiScaleQuantizer.parseConfig(options)).toThrow(/scales/);
  });

  onBackends(() => {
    const features = () => tf.tensor4d(wave(2 * 12 * 6), [2, 3, 4, 6]);

    it('decodes all scales to what it encoded, and first scales to partial sums', () => {
      const encoded = (name: 'ids' | 'codes') =>
        resultOf(() => dualMultiScaleQuantizer.encode(features(), params(), scaled)[name]!);
      expect(encoded('ids').shape).toEqual([2, 15]);
      const ids = () => tf.tensor2d(encoded('ids').data, [2, 15], 'int32');
      const decode = (length: number) =>
        resultOf(() => dualMultiScaleQuantizer.decode(tf.slice(ids(), [0, 0], [2, length]), params(), scaled));
      expectClose(decode(15), encoded('codes'));
      const partial = (scale: number) => resultOf(() => decodeDualScales(ids(), params(), scaled)[scale]!);
      expectClose(decode(1), partial(0));
      expectClose(decode(3), partial(1));
      expect(() => decode(4)).toThrow(ShapeError);
    });

    it('spreads the single code of the first scale over the map', () => {
      const first = valuesOf(() =>
        dualMultiScaleQuantizer.decode(tf.tensor2d([[7]], [1, 1], 'int32'), params(), scaled),
      );
      const code = valuesOf(() => dualQuantizer.decode(tf.scalar(7, 'int32'), params(), config));
      expectClose(first, Array.from({ length: 12 }, () => code).flat());
    });
  });
});
