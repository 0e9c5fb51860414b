import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onBackends, wave } from '../../test/on-backends';
import { randomWeights } from '../checkpoint/random-weights';
import { ConfigError, ShapeError } from '../errors';
import { expectClose } from '../test/expect-close';
import {
  quantizeLatents,
  type ResidualFactorizedConfig,
  type ResidualFactorizedParams,
  residualFactorizedQuantizer,
} from './factorized-vector';
import { productMultiScaleQuantizer, productVectorQuantizer } from './product';
import {
  layersForBandwidth,
  type ResidualEncodecConfig,
  type ResidualEncodecParams,
  residualEncodecQuantizer,
} from './residual-encodec';

const keysOf = (weights: Parameters<typeof randomWeights>[0]) => randomWeights(weights, 0).mapped.map(({ key }) => key);

describe('configuration of residual quantizers', () => {
  it('has the defaults of DAC, and a width for each layer', () => {
    const { layers, quantizerDropout, usedLayers } = residualFactorizedQuantizer.parseConfig({});
    expect(layers).toHaveLength(9);
    expect(layers[8]).toEqual({ dim: 512, codes: 1024, codeDim: 8 });
    expect([quantizerDropout, usedLayers]).toEqual([0, undefined]);
    const mixed = residualFactorizedQuantizer.parseConfig({ n_codebooks: 2, codebook_dim: [4, 6] });
    expect(mixed.layers.map(({ codeDim }) => codeDim)).toEqual([4, 6]);
    expect(() => residualFactorizedQuantizer.parseConfig({ n_codebooks: 3, codebook_dim: [4, 6] })).toThrow(
      ConfigError,
    );
    expect(() => residualFactorizedQuantizer.parseConfig({ n_quantizers: 10 })).toThrow(ConfigError);
  });

  it('takes the arguments of both classes of EnCodec', () => {
    const inner = residualEncodecQuantizer.parseConfig({ dim: 6, num_quantizers: 3, codebook_size: 20, n_q: 2 });
    expect([inner.layers.length, inner.usedLayers]).toEqual([3, 2]);
    expect(inner.layers[0]).toMatchObject({ decay: 0.99, kmeansIters: 50, thresholdEmaDeadCode: 2, kmeansInit: true });
    const outer = residualEncodecQuantizer.parseConfig({ dimension: 128, n_q: 32, bins: 1024 });
    expect([outer.layers.length, outer.layers[0]!.dim, outer.layers[0]!.codebookSize]).toEqual([32, 128, 1024]);
    expect(() => residualEncodecQuantizer.parseConfig({ num_quantizers: 3, n_q: 4 })).toThrow(ConfigError);
  });

  it('counts the layers of a bandwidth', () => {
    expect([1.5, 3, 6, 12, 24, 0.1].map((kbps) => layersForBandwidth(kbps, 75, 1024))).toEqual([2, 4, 8, 16, 32, 1]);
  });

  it('names weights as the official files do', () => {
    const dac = residualFactorizedQuantizer.parseConfig({ n_codebooks: 1 });
    expect(keysOf((map) => residualFactorizedQuantizer.weights(map, dac)).sort()).toEqual([
      'quantizers.0.codebook.weight',
      'quantizers.0.in_proj.bias',
      'quantizers.0.in_proj.weight_g',
      'quantizers.0.in_proj.weight_v',
      'quantizers.0.out_proj.bias',
      'quantizers.0.out_proj.weight_g',
      'quantizers.0.out_proj.weight_v',
    ]);
    const encodec = residualEncodecQuantizer.parseConfig({ num_quantizers: 2, dim: 6, codebook_dim: 4 });
    expect(keysOf((map) => residualEncodecQuantizer.weights(map, encodec))).toContain('layers.1.project_out.weight');
    const product = productVectorQuantizer.parseConfig({ product_quant: 2, n_e: 5, e_dim: 3 });
    expect(keysOf((map) => productVectorQuantizer.weights(map, product))).toEqual([
      'quantizes.0.embedding.weight',
      'quantizes.1.embedding.weight',
    ]);
  });
});

function encodecParams({ layers }: ResidualEncodecConfig): ResidualEncodecParams {
  return {
    layers: layers.map(({ codebookSize, codebookDim }, layer) => ({
      codebook: tf.tensor2d(
        wave(codebookSize * codebookDim, layer).map((value) => value * 2 ** -layer),
        [codebookSize, codebookDim],
      ),
    })),
  };
}

function dacParams({ layers }: ResidualFactorizedConfig): ResidualFactorizedParams {
  return {
    layers: layers.map(({ dim, codes, codeDim }, layer) => ({
      codebook: tf.tensor2d(wave(codes * codeDim, layer), [codes, codeDim]),
      projectIn: { kernel: tf.tensor2d(wave(dim * codeDim, layer + 5), [dim, codeDim]) },
      projectOut: { kernel: tf.tensor2d(wave(dim * codeDim, layer + 9), [codeDim, dim]), bias: tf.tensor1d(wave(dim)) },
    })),
  };
}

describe('residual quantization', () => {
  onBackends(() => {
    it('decodes its ids, all or those of the first layers', () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 7 }), (count, codes) => {
          const config = residualEncodecQuantizer.parseConfig({ dim: 6, num_quantizers: count, codebook_size: codes });
          tf.tidy(() => {
            const params = encodecParams(config);
            const x = tf.tensor3d(wave(2 * 5 * 6, codes), [2, 5, 6]);
            const encoded = residualEncodecQuantizer.encode(x, params, config);
            expect(encoded.ids!.shape).toEqual([count, 2, 5]);
            expect(encoded.ids!.dataSync().every((id) => id >= 0 && id < codes)).toBe(true);
            const decoded = residualEncodecQuantizer.decode(encoded.ids!, params, config);
            expectClose(decoded.dataSync(), encoded.codes.dataSync(), 1e-6);
            const one = { ...config, usedLayers: 1 };
            const first = residualEncodecQuantizer.encode(x, params, one);
            const prefix = tf.slice(encoded.ids!, [0, 0, 0], [1, 2, 5]);
            expect([...first.ids!.dataSync()]).toEqual([...prefix.dataSync()]);
            const coarse = residualEncodecQuantizer.decode(prefix, params, config);
            expectClose(coarse.dataSync(), first.codes.dataSync(), 1e-6);
          });
        }),
        { numRuns: 10 },
      );
    });

    it('leaves out layers whose id is -1', () => {
      const config = residualEncodecQuantizer.parseConfig({ dim: 2, num_quantizers: 2, codebook_size: 3 });
      tf.tidy(() => {
        const params = encodecParams(config);
        const ids = tf.tensor3d([1, -1, -1, 2], [2, 1, 2], 'int32');
        const decoded = residualEncodecQuantizer.decode(ids, params, config).dataSync();
        const [first, second] = params.layers.map(({ codebook }) => codebook.dataSync());
        expectClose(decoded, [first![2]!, first![3]!, second![4]!, second![5]!], 0);
      });
    });

    it('refuses more ids than layers, and none', () => {
      const config = residualEncodecQuantizer.parseConfig({ dim: 2, num_quantizers: 2, codebook_size: 3 });
      tf.tidy(() => {
        const params = encodecParams(config);
        const decode = (layers: number) =>
          residualEncodecQuantizer.decode(tf.zeros([layers, 1], 'int32'), params, config);
        expect(() => decode(3)).toThrow(ShapeError);
        expect(() => decode(0)).toThrow(ShapeError);
      });
    });

    it('has latents between the projections of DAC', () => {
      const config = residualFactorizedQuantizer.parseConfig({
        input_dim: 5,
        n_codebooks: 3,
        codebook_size: 9,
        codebook_dim: [2, 3, 2],
      });
      tf.tidy(() => {
        const params = dacParams(config);
        const x = tf.tensor3d(wave(40), [2, 4, 5]);
        const { ids, codes, projected, margins } = residualFactorizedQuantizer.encode(x, params, config);
        expect([ids!.shape, margins!.shape, projected!.shape]).toEqual([
          [2, 3, 4],
          [2, 3, 4],
          [2, 4, 7],
        ]);
        expectClose(residualFactorizedQuantizer.decode(ids!, params, config).dataSync(), codes.dataSync(), 1e-6);
        const again = quantizeLatents(projected!, params, config);
        expect([...again.ids.dataSync()]).toEqual([...ids!.dataSync()]);
        expectClose(again.codes.dataSync(), codes.dataSync(), 1e-6);
        expect(again.latentCodes.shape).toEqual([2, 4, 7]);
        // Too narrow for the third layer.
        const narrow = quantizeLatents(tf.slice(projected!, [0, 0, 0], [2, 4, 6]), params, config);
        expect(narrow.ids.shape).toEqual([2, 2, 4]);
      });
    });

    it('leaves no tensors behind', () => {
      const config = residualEncodecQuantizer.parseConfig({ dim: 2, num_quantizers: 2, codebook_size: 3 });
      const params = encodecParams(config);
      const x = tf.tensor2d(wave(8), [4, 2]);
      const encoded = residualEncodecQuantizer.encode(x, params, config);
      const decoded = residualEncodecQuantizer.decode(encoded.ids!, params, config);
      tf.dispose([
        x,
        decoded,
        ...params.layers.map(({ codebook }) => codebook),
        ...(Object.values(encoded) as tf.Tensor[]),
      ]);
    });
  });
});

describe('product quantization', () => {
  onBackends(() => {
    it('quantizes parts of the channels apart; ids have the parts last', () => {
      const config = productVectorQuantizer.parseConfig({ product_quant: 2, n_e: 3, e_dim: 1 });
      expect(config.dim).toBe(2);
      tf.tidy(() => {
        const groups = [{ codebook: tf.tensor2d([[0], [1], [2]]) }, { codebook: tf.tensor2d([[0], [10], [20]]) }];
        const x = tf.tensor2d([
          [1.2, 19],
          [0.1, 9],
        ]);
        const { ids, codes } = productVectorQuantizer.encode(x, { groups }, config);
        expect([...ids!.dataSync()]).toEqual([1, 2, 0, 1]);
        expect([...codes.dataSync()]).toEqual([1, 20, 0, 10]);
        expect([...productVectorQuantizer.decode(ids!, { groups }, config).dataSync()]).toEqual([1, 20, 0, 10]);
        expect(() => productVectorQuantizer.encode(tf.zeros([1, 3]), { groups }, config)).toThrow(ShapeError);
      });
    });

    it('takes scales of residuals as parts', () => {
      const config = productMultiScaleQuantizer.parseConfig({
        product_quant: 2,
        vocab_size: 7,
        Cvae: 3,
        v_patch_nums: [1, 2],
        quant_resi: 0,
      });
      tf.tidy(() => {
        const groups = [0, 1].map((part) => ({ codebook: tf.tensor2d(wave(21, part), [7, 3]), convolutions: [] }));
        const x = tf.tensor4d(wave(24), [1, 2, 2, 6]);
        const { ids, codes } = productMultiScaleQuantizer.encode(x, { groups }, config);
        expect(ids!.shape).toEqual([1, 5, 2]);
        expectClose(productMultiScaleQuantizer.decode(ids!, { groups }, config).dataSync(), codes.dataSync(), 1e-6);
      });
    });
  });
});
