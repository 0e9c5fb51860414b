import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../test/on-backends';
import { ConfigError } from '../errors';
import { expectClose } from '../test/expect-close';
import { gumbelQuantizer, sampleGumbelIds, type GumbelParams } from './gumbel';
import { ibq } from './ibq';

describe('index backpropagation quantizer', () => {
  it('has the official options', () => {
    expect(ibq.parseConfig({ n_e: 8, e_dim: 2 })).toEqual({
      codes: 8,
      dim: 2,
      beta: 0.25,
      useEntropyLoss: false,
      entropyWeight: 0.05,
      entropyTemperature: 0.01,
      sampleMinimizationWeight: 1,
      batchMaximizationWeight: 1,
    });
    expect(() => ibq.parseConfig({ n_e: 8 })).toThrow(ConfigError);
    expect(ibq.bitsPerToken(ibq.parseConfig({ n_e: 262_144, e_dim: 256 }))).toBe(18);
  });

  onBackends(() => {
    const codebook = () =>
      tf.tensor2d([
        [1, 0],
        [0, 1],
        [5, 5],
        [0, 1],
      ]);

    it('takes the code of the largest product, not the nearest; the first of equal ones', () => {
      const encode = (z: number[][], name: 'ids' | 'codes') =>
        valuesOf(
          () => ibq.encode(tf.tensor2d(z), { codebook: codebook() }, ibq.parseConfig({ n_e: 4, e_dim: 2 }))[name]!,
        );
      expect(
        encode(
          [
            [1, 0],
            [-9, 1],
            [-1, -1],
          ],
          'ids',
        ),
      ).toEqual([2, 1, 0]);
      expect(encode([[1, 0]], 'codes')).toEqual([5, 5]);
    });

    it('searches used codes only', () => {
      const config = ibq.parseConfig({ n_e: 4, e_dim: 2, remap_used: [3, 0] });
      const encoded = () =>
        ibq.encode(
          tf.tensor2d([
            [1, 0],
            [0, 1],
          ]),
          { codebook: codebook() },
          config,
        );
      expect(valuesOf(() => encoded().ids!)).toEqual([1, 0]);
      expect(valuesOf(() => encoded().codes)).toEqual([1, 0, 0, 1]);
      expect(valuesOf(() => ibq.decode(encoded().ids!, { codebook: codebook() }, config))).toEqual([1, 0, 0, 1]);
    });
  });
});

describe('Gumbel quantizer', () => {
  const options = { num_hiddens: 3, embedding_dim: 2, n_embed: 5 };
  const config = gumbelQuantizer.parseConfig(options);

  it('has the official options', () => {
    expect(config).toEqual({
      dim: 3,
      codeDim: 2,
      codes: 5,
      straightThrough: true,
      klWeight: 5e-4,
      temperature: 1,
    });
    expect(() => gumbelQuantizer.parseConfig({ ...options, temp_init: 0 })).toThrow(ConfigError);
  });

  onBackends(() => {
    const params = (): GumbelParams => ({
      project: { kernel: tf.tensor2d(wave(15, 1), [3, 5]), bias: tf.tensor1d([0, 0, 0.3, 0, 0]) },
      codebook: tf.tensor2d(wave(10, 2), [5, 2]),
    });
    const z = () => tf.tensor3d(wave(18), [2, 3, 3]);
    const logits = () =>
      resultOf(() => tf.add(tf.dot(tf.reshape(z(), [6, 3]), params().project.kernel), params().project.bias!));

    it('takes the code of the largest logit, with the distance to the next as margin', () => {
      const rows = Array.from({ length: 6 }, (_, row) => [...logits().data.subarray(5 * row, 5 * row + 5)]);
      const sorted = rows.map((row) => [...row].sort((a, b) => b - a));
      const encoded = (name: 'ids' | 'margins' | 'codes') =>
        resultOf(() => gumbelQuantizer.encode(z(), params(), config)[name]!);
      expect(encoded('ids').shape).toEqual([2, 3]);
      expect(Array.from(encoded('ids').data)).toEqual(rows.map((row, index) => row.indexOf(sorted[index]![0]!)));
      expectClose(
        encoded('margins').data,
        sorted.map(([first, second]) => first! - second!),
      );
      const decoded = resultOf(() =>
        gumbelQuantizer.decode(gumbelQuantizer.encode(z(), params(), config).ids!, params(), config),
      );
      expectClose(decoded, encoded('codes'), 0);
    });

    it('draws other ids with noise, as the official evaluation does', () => {
      const noise = new Float32Array(30);
      noise[5 * 2 + 4] = 100;
      const drawn = valuesOf(() => sampleGumbelIds(z(), params(), config, tf.tensor3d(noise, [2, 3, 5])));
      const usual = valuesOf(() => gumbelQuantizer.encode(z(), params(), config).ids!);
      expect(drawn).toEqual(usual.map((id, index) => (index === 2 ? 4 : id)));
    });

    it('chooses among used codes only', () => {
      const remapped = gumbelQuantizer.parseConfig({ ...options, remap_used: [4, 1] });
      const own = () => gumbelQuantizer.encode(z(), params(), remapped);
      const expected = Array.from({ length: 6 }, (_, row) => {
        const row5 = logits().data.subarray(5 * row, 5 * row + 5);
        return row5[4]! >= row5[1]! ? 0 : 1;
      });
      expect(valuesOf(() => own().ids!)).toEqual(expected);
      expectClose(
        valuesOf(() => gumbelQuantizer.decode(own().ids!, params(), remapped)),
        valuesOf(() => own().codes),
        0,
      );
    });
  });
});
