import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../test/on-backends';
import { ConfigError, ShapeError } from '../errors';
import { expectClose } from '../test/expect-close';
import { trainLatent } from '../train/quantize/latent';
import { latentQuantizer, uniformValues } from './latent';

describe('latent quantization', () => {
  onBackends((backend) => {
    it('begins with uniform values from -1/2, with 0 among them', () => {
      expect(uniformValues(4)).toEqual([-0.5, -0.25, 0, 0.25]);
      expect(uniformValues(5)).toEqual([-0.5, -0.25, 0, 0.25, 0.5]);
    });

    it('takes the nearest value, the first of equal distances', () => {
      const config = latentQuantizer.parseConfig({ levels: [3, 4], dim: 2 });
      const z = () =>
        tf.tensor2d([
          [0.25, 0.125],
          [-9, 9],
          [0.3, -0.4],
        ]);
      // Values -1/2, 0, 1/2 and -1/2, -1/4, 0, 1/4: digits (1, 2), (0, 3) and (2, 0).
      expect(valuesOf(() => latentQuantizer.encode(z(), {}, config).ids!)).toEqual([7, 9, 2]);
      expectClose(
        valuesOf(() => latentQuantizer.encode(z(), {}, config).margins!),
        [0, 0.25, 0.05],
        1e-6,
      );
    });

    it('decodes what it encodes, for learned values too', () => {
      const levels = fc.array(fc.integer({ min: 2, max: 9 }), { minLength: 1, maxLength: 4 });
      fc.assert(
        fc.property(levels, fc.integer({ min: 1, max: 2 }), fc.boolean(), (counts, num_codebooks, learned) => {
          const config = latentQuantizer.parseConfig({
            levels: counts,
            dim: counts.length * num_codebooks,
            num_codebooks,
          });
          const width = counts.length * num_codebooks;
          const [ids, codes, decoded, again] = tf.tidy(() => {
            const params = learned ? { values: counts.map((count, index) => tf.tensor1d(wave(count, index + 1))) } : {};
            const encoded = latentQuantizer.encode(tf.tensor2d(wave(5 * width), [5, width]), params, config);
            const back = latentQuantizer.decode(encoded.ids!, params, config);
            const repeated = latentQuantizer.encode(back, params, config);
            return [encoded.ids!, encoded.codes, back, repeated.ids!].map((x) => Array.from(x.dataSync()));
          }) as unknown as number[][];
          expectClose(decoded!, codes!, 0);
          expect(again).toEqual(ids);
        }),
        { numRuns: backend === 'cpu' ? 20 : 8 },
      );
    });

    it('takes no vectors at all, and refuses others', () => {
      const config = latentQuantizer.parseConfig({ levels: 5, codebook_dim: 2, dim: 2 });
      expect(config.levels).toEqual([5, 5]);
      expect(resultOf(() => latentQuantizer.decode(tf.zeros([0], 'int32'), {}, config)).shape).toEqual([0, 2]);
      expect(() => tf.tidy(() => latentQuantizer.encode(tf.zeros([1, 3]), {}, config))).toThrow(ShapeError);
    });
  });

  it('refuses a number of levels without a number of components', () => {
    expect(() => latentQuantizer.parseConfig({ levels: 5, dim: 2 })).toThrow(ConfigError);
    expect(() => latentQuantizer.parseConfig({ levels: [5, 5], codebook_dim: 3 })).toThrow(/codebook_dim/u);
  });
});

describe('training form of latent quantization', () => {
  it('passes gradients through the values, and has both losses', async () => {
    await tf.setBackend('cpu');
    tf.tidy(() => {
      const config = latentQuantizer.parseConfig({ levels: [5, 4], dim: 2, quantization_loss_weight: 0.3 });
      const x = tf.tensor2d(wave(8), [4, 2]);
      const { quantized, loss, commitment, quantization, ids } = trainLatent(x, {}, config);
      expect(Array.from(ids.dataSync())).toEqual(Array.from(latentQuantizer.encode(x, {}, config).ids!.dataSync()));
      const distance = tf.losses.meanSquaredError(x, quantized).dataSync();
      expectClose(commitment.dataSync(), distance);
      expectClose(quantization.dataSync(), distance);
      expectClose(loss.dataSync(), [0.4 * distance[0]!]);
      const slope = tf
        .grad((z: tf.Tensor) => trainLatent(z, {}, config).loss)(x)
        .dataSync();
      const [from, to] = [x.dataSync(), quantized.dataSync()];
      // The commitment pulls the output, and through it the vectors; the other term pushes back.
      expectClose(
        slope,
        from.map((value, index) => ((0.3 - 0.1) * 2 * (value - to[index]!)) / 8),
      );
    });
  });
});
