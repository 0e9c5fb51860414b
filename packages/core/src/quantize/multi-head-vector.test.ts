import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../test/on-backends';
import { ConfigError } from '../errors';
import { expectClose } from '../test/expect-close';
import { type MultiHeadVectorParams, multiHeadVectorQuantizer } from './multi-head-vector';

const { parseConfig: parse, encode, decode, bitsPerToken } = multiHeadVectorQuantizer;
const plain = { dim: 4, codebook_size: 5 };

describe('options of the multi-head vector quantizer', () => {
  it('have the official defaults', () => {
    expect(parse(plain)).toMatchObject({
      codebookDim: 4,
      heads: 1,
      decay: 0.8,
      emaUpdate: true,
      learnableCodebook: false,
      rotationTrick: true,
      thresholdEmaDeadCode: 0,
      commitmentWeight: 1,
      codebookDiversityTemperature: 100,
      returnZerosForMaskedPadding: true,
    });
    expect(parse({ dim: 1, codebook_size: 5 }).rotationTrick).toBe(false);
    const directional = parse({ ...plain, directional_reparam: true, threshold_ema_dead_code: 2 });
    expect(directional).toMatchObject({ emaUpdate: false, learnableCodebook: true, rotationTrick: false });
    expect(bitsPerToken(parse({ dim: 4, codebook_size: 1024, heads: 2 }))).toBe(10);
  });

  it.each([
    ['two estimators', { straight_through: true }],
    ['a learnable cosine codebook', { use_cosine_sim: true, learnable_codebook: true, ema_update: false }],
    ['averages of learnable codes', { learnable_codebook: true }],
    ['an affine cosine codebook', { affine_param: true, use_cosine_sim: true }],
    ['an optimistic update of fixed codes', { sync_update_v: 0.1 }],
    ['directional reparameterization without dead codes', { directional_reparam: true }],
    [
      'a learnable codebook behind a softmax',
      { straight_through: true, rotation_trick: false, learnable_codebook: true },
    ],
    [
      'active codes of several codebooks',
      { heads: 2, separate_codebook_per_head: true, orthogonal_reg_active_codes_only: true },
    ],
    ['an unknown name', { codebooksize: 5 }],
    ['a decay above 1', { decay: 1.5 }],
    ['a bridge', { vq_bridge: 'vit' }],
  ])('refuse %s', (_, options) => {
    expect(() => parse({ ...plain, ...options })).toThrow(ConfigError);
  });
});

describe('the multi-head vector quantizer', () => {
  onBackends(() => {
    const codes = (heads: number, count: number, dim: number) =>
      tf.tensor3d(wave(heads * count * dim, 2), [heads, count, dim]);

    it('gives ids whose codes it decodes to', () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 3 }),
          fc.boolean(),
          fc.boolean(),
          fc.integer({ min: 1, max: 7 }),
          fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 0, maxLength: 3 }),
          (heads, separate, cosine, count, leading) => {
            const config = parse({
              dim: heads * 2,
              codebook_size: count,
              codebook_dim: 2,
              heads,
              separate_codebook_per_head: separate,
              use_cosine_sim: cosine,
            });
            tf.tidy(() => {
              const table = codes(separate ? heads : 1, count, 2);
              const params = { codes: cosine ? (tf.div(table, tf.norm(table, 2, 2, true)) as tf.Tensor3D) : table };
              const size = leading.reduce((product, axis) => product * axis, heads * 2);
              const first = encode(tf.tensor(wave(size, 3), [...leading, heads * 2]), params, config);
              expect(first.ids!.shape).toEqual(heads === 1 ? leading : [...leading, heads]);
              expect([...first.ids!.dataSync()].every((id) => id >= 0 && id < count)).toBe(true);
              expect([...decode(first.ids!, params, config).dataSync()]).toEqual([...first.codes.dataSync()]);
              const again = encode(first.codes, params, config);
              expect([...again.ids!.dataSync()]).toEqual([...first.ids!.dataSync()]);
            });
          },
        ),
        { numRuns: 25 },
      );
    });

    it('searches each head in its codebook', () => {
      const config = parse({ dim: 2, codebook_size: 2, codebook_dim: 1, heads: 2, separate_codebook_per_head: true });
      const params = (): MultiHeadVectorParams => ({ codes: tf.tensor3d([0, 1, 1, 0], [2, 2, 1]) });
      expect(valuesOf(() => encode(tf.tensor2d([[0.9, 0.9]]), params(), config).ids!)).toEqual([1, 0]);
      expect(valuesOf(() => decode(tf.tensor2d([[1, 0]], [1, 2], 'int32'), params(), config))).toEqual([1, 1]);
    });

    it('takes codes nearer than 1e-4 for equal, and then the first', () => {
      const config = parse({ dim: 1, codebook_size: 3, rotation_trick: false });
      const ids = valuesOf(
        () => encode(tf.tensor2d([[0.5]]), { codes: tf.tensor3d([0, 0.50005, 0.5], [1, 3, 1]) }, config).ids!,
      );
      expect(ids).toEqual([1]);
    });

    it('decodes -1 to zeros, behind a projection as well', () => {
      const config = parse({ dim: 3, codebook_size: 2, codebook_dim: 2 });
      const decoded = valuesOf(() =>
        decode(
          tf.tensor1d([-1, 1], 'int32'),
          {
            codes: tf.tensor3d([1, 2, 3, 4], [1, 2, 2]),
            projectOut: { kernel: tf.tensor2d([1, 0, 0, 0, 1, 0], [2, 3]), bias: tf.tensor1d([0, 0, 7]) },
          },
          config,
        ),
      );
      expect(decoded).toEqual([0, 0, 0, 3, 4, 7]);
    });

    it('takes no vectors', () => {
      const config = parse({ dim: 4, codebook_size: 5, codebook_dim: 2, heads: 2, separate_codebook_per_head: true });
      const result = resultOf(() => encode(tf.zeros([0, 4]), { codes: codes(2, 5, 2) }, config).codes);
      expect(result.shape).toEqual([0, 4]);
    });

    it('moves an affine codebook by stored statistics, in decoding too', () => {
      const config = parse({ dim: 1, codebook_size: 2, affine_param: true, rotation_trick: false });
      const params = (): MultiHeadVectorParams => ({
        codes: tf.tensor3d([-1, 1], [1, 2, 1]),
        affine: {
          batchMean: tf.tensor3d([10], [1, 1, 1]),
          batchVariance: tf.tensor3d([4], [1, 1, 1]),
          codebookMean: tf.tensor3d([0], [1, 1, 1]),
          codebookVariance: tf.tensor3d([1], [1, 1, 1]),
        },
      });
      expectClose(
        valuesOf(() => encode(tf.tensor2d([[9], [11]]), params(), config).codes),
        [8, 12],
      );
      expectClose(
        valuesOf(() => decode(tf.tensor1d([0, 1], 'int32'), params(), config)),
        [8, 12],
      );
    });
  });
});
