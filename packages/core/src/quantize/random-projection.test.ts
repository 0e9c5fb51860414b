import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, wave } from '../../test/on-backends';
import { ConfigError } from '../errors';
import { expectClose } from '../test/expect-close';
import { projectRandomly, randomProjectionQuantizer, type RandomProjectionParams } from './random-projection';

const parse = randomProjectionQuantizer.parseConfig;

describe('the random projection quantizer', () => {
  it('has an inner quantizer of the official width', () => {
    expect(parse({ dim: 16, codebook_size: 40, codebook_dim: 6 })).toMatchObject({
      dim: 16,
      codebookDim: 6,
      codebooks: 1,
      norm: true,
      search: { dim: 6, codebookDim: 6, heads: 1, codebookSize: 40, useCosineSim: true, separateCodebookPerHead: true },
    });
    expect(parse({ dim: 10, codebook_size: 30, codebook_dim: 4, num_codebooks: 2 }).search).toMatchObject({
      dim: 8,
      codebookDim: 8,
      heads: 2,
    });
    const narrow = { dim: 10, codebook_size: 30, codebook_dim: 4, num_codebooks: 2, norm: false };
    expect(parse(narrow).norm).toBe(false);
    expect(() => parse({ dim: 10, codebook_size: 30 })).toThrow(ConfigError);
    expect(() => parse({ ...narrow, unheard_of: 1 })).toThrow(ConfigError);
  });

  onBackends(() => {
    const config = parse({ dim: 4, codebook_size: 6, codebook_dim: 2 });
    const params = (): RandomProjectionParams => ({
      projections: tf.tensor3d(wave(8, 1), [1, 4, 2]),
      search: {
        codes: tf.tensor3d(Array.from({ length: 6 }, (_, code) => [Math.cos(code), Math.sin(code)]).flat(), [1, 6, 2]),
      },
    });

    it('projects vectors of mean 0 and variance 1', () => {
      const projected = resultOf(() => projectRandomly(tf.tensor2d([[1, 2, 3, 6]]), params(), config)).data;
      const mean = 3;
      const deviation = Math.sqrt((4 + 1 + 0 + 9) / 4 + 1e-5);
      const even = [1, 2, 3, 6].map((value) => (value - mean) / deviation);
      const kernel = wave(8, 1);
      const expected = [0, 1].map((column) =>
        even.reduce((sum, value, row) => sum + value * kernel[2 * row + column]!, 0),
      );
      expectClose(projected, expected, 1e-5);
      const raw = resultOf(() => projectRandomly(tf.tensor2d([[1, 0, 0, 0]]), params(), { ...config, norm: false }));
      expectClose(raw.data, kernel.subarray(0, 2));
    });

    it('ignores scale and offset of a vector', () => {
      const ids = (factor: number, offset: number) =>
        resultOf(() => {
          const z = tf.add(tf.mul(tf.tensor2d(wave(32, 4), [8, 4]), factor), offset);
          return randomProjectionQuantizer.encode(z, params(), config).ids!;
        });
      expect(ids(3, 0)).toEqual(ids(1, 0));
      expect(ids(1, 5)).toEqual(ids(1, 0));
      expect(ids(1, 0).shape).toEqual([8]);
      expect(new Set(ids(1, 0).data).size).toBeGreaterThan(1);
    });
  });
});
