import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../test/on-backends';
import { ConfigError, ShapeError } from '../errors';
import { expectClose } from '../test/expect-close';
import { residualSimVq } from './residual-sim-vq';
import { simVq, simVqCodebook, type SimVqParams } from './sim-vq';

const official = simVq.parseConfig({ n_e: 7, e_dim: 3 });
const params = (phase = 0): SimVqParams => ({
  frozen: tf.tensor2d(wave(21, 1 + phase), [7, 3]),
  transform: { kernel: tf.tensor2d(wave(9, 2 + phase), [3, 3]), bias: tf.tensor1d(wave(3, 3 + phase)) },
});

describe('the simulated vector quantizer', () => {
  it('has the options of both code bases', () => {
    expect(official).toEqual({
      codes: 7,
      dim: 3,
      frozenDim: 3,
      layout: 'official',
      vectorWeight: 1,
      codebookWeight: 0.25,
      rotationTrick: false,
    });
    expect(simVq.parseConfig({ n_e: 7, e_dim: 3, legacy: false, beta: 0.5 })).toMatchObject({
      vectorWeight: 0.5,
      codebookWeight: 1,
    });
    const lucidrains = { dim: 3, codebook_size: 7 };
    expect(simVq.parseConfig(lucidrains)).toMatchObject({
      layout: 'lucidrains',
      frozenDim: 3,
      vectorWeight: 0.25,
      codebookWeight: 1,
      rotationTrick: true,
    });
    const narrow = { ...lucidrains, frozen_codebook_dim: 2, rotation_trick: false, commitment_weight: 2 };
    expect(simVq.parseConfig(narrow)).toMatchObject({
      frozenDim: 2,
      vectorWeight: 0.5,
      codebookWeight: 2,
      rotationTrick: false,
    });
    expect(() => simVq.parseConfig({ n_e: 7 })).toThrow(ConfigError);
    expect(simVq.bitsPerToken(simVq.parseConfig({ n_e: 8192, e_dim: 3 }))).toBe(13);
  });

  onBackends(() => {
    it('searches the transformed codes, and decodes to them', () => {
      const codebook = resultOf(() => simVqCodebook(params()));
      const ids = valuesOf(() => simVq.encode(tf.tensor2d(codebook.data, [7, 3]), params(), official).ids!);
      expect(ids).toEqual([0, 1, 2, 3, 4, 5, 6]);
      const encoded = (name: 'ids' | 'codes') =>
        resultOf(() => simVq.encode(tf.tensor3d(wave(30), [2, 5, 3]), params(), official)[name]!);
      expect(encoded('ids').shape).toEqual([2, 5]);
      const decoded = resultOf(() =>
        simVq.decode(simVq.encode(tf.tensor3d(wave(30), [2, 5, 3]), params(), official).ids!, params(), official),
      );
      expectClose(decoded, encoded('codes'));
    });

    it('counts used codes only', () => {
      const config = simVq.parseConfig({ n_e: 7, e_dim: 3, remap_used: [6, 2], unknown_index: 'extra' });
      const codebook = resultOf(() => simVqCodebook(params())).data;
      const z = () => tf.tensor2d(codebook, [7, 3]);
      expect(valuesOf(() => simVq.encode(z(), params(), config).ids!)).toEqual([2, 2, 1, 2, 2, 2, 0]);
      const decoded = valuesOf(() => simVq.decode(tf.tensor1d([0, 1, 2], 'int32'), params(), config));
      expectClose(
        decoded,
        [6, 2, 6].flatMap((id) => [...codebook.subarray(3 * id, 3 * id + 3)]),
      );
    });
  });
});

describe('the residual simulated vector quantizer', () => {
  const config = residualSimVq.parseConfig({ dim: 3, codebook_size: 7, num_quantizers: 3, quantize_dropout: true });
  const layers = () => ({ layers: [0, 5, 9].map((phase) => params(phase)) });

  it('has layers of one configuration', () => {
    expect(config.layers).toHaveLength(3);
    expect(config).toMatchObject({ dropsLayers: true, dropoutCutoff: 0, dropoutMultiple: 1 });
    expect(residualSimVq.bitsPerToken(config)).toBeCloseTo(3 * Math.log2(7), 10);
    const heads = { dim: 3, codebook_size: 7, num_quantizers: 3, heads: 2 };
    expect(() => residualSimVq.parseConfig(heads)).toThrow(ConfigError);
  });

  onBackends(() => {
    it('decodes all layers to what it encoded, and first layers to their sum', () => {
      const z = () => tf.tensor3d(wave(12), [2, 2, 3]);
      const encoded = (name: 'ids' | 'codes') => resultOf(() => residualSimVq.encode(z(), layers(), config)[name]!);
      expect(encoded('ids').shape).toEqual([2, 2, 3]);
      const decode = (make: (ids: tf.Tensor) => tf.Tensor) =>
        resultOf(() => residualSimVq.decode(make(residualSimVq.encode(z(), layers(), config).ids!), layers(), config));
      expectClose(
        decode((ids) => ids),
        encoded('codes'),
      );
      const dropped = (ids: tf.Tensor) =>
        tf.concat([tf.slice(ids, [0, 0, 0], [2, 2, 2]), tf.fill([2, 2, 1], -1, 'int32')], 2);
      expectClose(
        decode((ids) => tf.slice(ids, [0, 0, 0], [2, 2, 2])),
        decode(dropped),
      );
      expect(() => decode((ids) => tf.concat([ids, ids], 2))).toThrow(ShapeError);
    });
  });
});
