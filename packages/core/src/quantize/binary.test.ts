import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../test/on-backends';
import { ConfigError, ShapeError } from '../errors';
import { expectClose } from '../test/expect-close';
import { elmBinaryQuantizer, instellaBinaryQuantizer, type BinaryLatentParams } from './binary';
import { binaryMapperQuantizer } from './binary-mapper';

/** Logits are the vectors themselves. */
const params = (bits: number, width: number): BinaryLatentParams => ({
  projection: { kernel: tf.eye(bits), bias: tf.zeros([bits]) },
  embedding: tf.tensor2d(wave(bits * width), [bits, width]),
});

describe('binary latents', () => {
  onBackends(() => {
    const elm = elmBinaryQuantizer.parseConfig({ codebook_size: 4, emb_dim: 3, num_hiddens: 4 });
    const signed = elmBinaryQuantizer.parseConfig({ codebook_size: 4, emb_dim: 3, num_hiddens: 4, use_tanh: true });
    const instella = instellaBinaryQuantizer.parseConfig({ codebook_size: 4, emb_dim: 4 });
    const logits = () => tf.tensor2d([[2, 0, -1, 0.5]]);

    it('gives a logit of 0 the bit 0', () => {
      expect(valuesOf(() => elmBinaryQuantizer.encode(logits(), params(4, 3), elm).bits!)).toEqual([1, 0, 0, 1]);
      expect(valuesOf(() => elmBinaryQuantizer.encode(logits(), params(4, 3), signed).bits!)).toEqual([1, 0, 0, 1]);
      expect(valuesOf(() => instellaBinaryQuantizer.encode(logits(), params(4, 4), instella).bits!)).toEqual([
        1, 0, 0, 1,
      ]);
    });

    it('sums the embeddings of the bits, or weighs them by ±1', () => {
      const table = wave(12);
      const sum = (weights: readonly number[]) =>
        [0, 1, 2].map((column) => weights.reduce((total, weight, bit) => total + weight * table[bit * 3 + column]!, 0));
      expectClose(
        valuesOf(() => elmBinaryQuantizer.encode(logits(), params(4, 3), elm).codes),
        sum([1, 0, 0, 1]),
      );
      expectClose(
        valuesOf(() => elmBinaryQuantizer.encode(logits(), params(4, 3), signed).codes),
        sum([1, -1, -1, 1]),
      );
    });

    it('decodes bits to what it encoded, takes none at all, and refuses another number of bits', () => {
      const z = () => tf.tensor3d(wave(24), [2, 3, 4]);
      const decoded = () => {
        const { bits } = instellaBinaryQuantizer.encode(z(), params(4, 4), instella);
        return instellaBinaryQuantizer.decode(bits!, params(4, 4), instella);
      };
      const codes = () => instellaBinaryQuantizer.encode(z(), params(4, 4), instella).codes;
      expectClose(resultOf(decoded), resultOf(codes), 0);
      expect(() => tf.tidy(() => elmBinaryQuantizer.decode(tf.zeros([2, 5], 'int32'), params(4, 3), elm))).toThrow(
        ShapeError,
      );
    });
  });

  it('reads the official options', () => {
    expect(instellaBinaryQuantizer.parseConfig({ codebook_size: 64, emb_dim: 32, train_temp: 2 })).toMatchObject({
      bits: 64,
      dim: 32,
      temperature: 2,
    });
    expect(() => elmBinaryQuantizer.parseConfig({ codebook_size: 16, emb_dim: 8 })).toThrow(/num_hiddens/u);
  });
});

describe('the binary mapper', () => {
  onBackends(() => {
    it('counts the first bit least significant', () => {
      const config = binaryMapperQuantizer.parseConfig({ bits: 3 });
      const encode = () =>
        binaryMapperQuantizer.encode(
          tf.tensor2d([
            [1, -1, 2],
            [-1, 0, -1],
          ]),
          {},
          config,
        );
      expect(valuesOf(() => encode().ids!)).toEqual([5, 0]);
      expect(valuesOf(() => encode().codes)).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
      expect(valuesOf(() => binaryMapperQuantizer.decode(encode().ids!, {}, config))).toEqual(
        valuesOf(() => encode().codes),
      );
      expect(() => tf.tidy(() => binaryMapperQuantizer.encode(tf.zeros([1, 4]), {}, config))).toThrow(ShapeError);
    });
  });

  it('does not write down more than 2^20 codes', () => {
    expect(() => binaryMapperQuantizer.parseConfig({ bits: 21 })).toThrow(ConfigError);
  });
});
