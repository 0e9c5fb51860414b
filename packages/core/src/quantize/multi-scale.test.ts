import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { onBackends, resultOf, valuesOf, wave } from '../../test/on-backends';
import { randomWeights } from '../checkpoint/random-weights';
import { ConfigError, ShapeError } from '../errors';
import { expectClose } from '../test/expect-close';
import {
  convolutionOfScales,
  decodeScales,
  encodeScales,
  type MultiScaleParams,
  multiScaleQuantizer,
  nextScaleInputs,
} from './multi-scale';
import type { MultiScaleConfig } from './multi-scale-config';
import { splitScales } from './residual-scales';

const published = { vocab_size: 11, Cvae: 4, using_znorm: false, v_patch_nums: [1, 2, 3, 5, 8] };
const parse = (changes: object = {}) => multiScaleQuantizer.parseConfig({ ...published, ...changes });

/** Parameters that look random; freed with the surrounding `tidy`. */
function paramsOf(config: MultiScaleConfig): MultiScaleParams {
  const { codes, dim } = config;
  const count = convolutionCount(config);
  return {
    codebook: tf.tensor2d(wave(codes * dim, 1), [codes, dim]),
    convolutions: Array.from({ length: count }, (_, index) => ({
      kernel: tf.mul(tf.tensor4d(wave(9 * dim * dim, index + 2), [3, 3, dim, dim]), 0.2) as tf.Tensor4D,
      bias: tf.tensor1d(wave(dim, index + 9)),
    })),
  };
}

function convolutionCount(config: MultiScaleConfig): number {
  return randomWeights((map) => multiScaleQuantizer.weights(map, config), 0).mapped.filter(({ key }) =>
    key.endsWith('.bias'),
  ).length;
}

const features = (config: MultiScaleConfig, batch = 2) => {
  const [height, width] = config.scales.at(-1)!;
  return tf.tensor4d(wave(batch * height * width * config.dim, 5), [batch, height, width, config.dim]);
};

describe('configuration', () => {
  it('takes the official arguments and defaults', () => {
    const { scales, ...others } = multiScaleQuantizer.parseConfig({
      vocab_size: 9,
      Cvae: 3,
      v_patch_nums: [1, [2, 3]],
    });
    expect(scales).toEqual([
      [1, 1],
      [2, 3],
    ]);
    expect(others).toEqual({
      codes: 9,
      dim: 3,
      normalize: true,
      beta: 0.25,
      convolutionRatio: 0.5,
      sharedConvolutions: 4,
      convolutionCount: 0,
      codebookDrop: 0,
    });
    expect(() => parse({ v_patch_nums: [] })).toThrow(ConfigError);
    expect(() => parse({ quant_resi: 2 })).toThrow(ConfigError);
  });

  it.each([
    [{}, ['quant_resi.qresi_ls.0.weight', 'quant_resi.qresi_ls.3.bias']],
    [{ share_quant_resi: 1 }, ['quant_resi.qresi.weight', 'quant_resi.qresi.bias']],
    [{ share_quant_resi: 0 }, ['quant_resi.0.weight', 'quant_resi.4.bias']],
    [{ share_quant_resi: 0, default_qresi_counts: 7 }, ['quant_resi.0.weight', 'quant_resi.6.bias']],
    [{ quant_resi: 0 }, []],
  ])('names the convolutions of %j', (changes, [first, last]) => {
    const { mapped } = randomWeights((map) => multiScaleQuantizer.weights(map, parse(changes)), 0);
    const keys = mapped.map(({ key }) => key);
    expect(keys[0]).toBe('embedding.weight');
    expect([keys[1], keys.length > 1 ? keys.at(-1) : undefined]).toEqual([first, last]);
  });

  it('shares one convolution, or one for each scale', () => {
    expect(convolutionOfScales(parse({ share_quant_resi: 1 }))).toEqual([0, 0, 0, 0, 0]);
    expect(convolutionOfScales(parse({ share_quant_resi: 0 }))).toEqual([0, 1, 2, 3, 4]);
    expect(convolutionOfScales(parse())).toEqual([0, 1, 2, 2, 3]);
  });
});

describe('multi-scale quantization', () => {
  onBackends(() => {
    it.each([
      ['with convolutions', {}],
      ['without them', { quant_resi: 0 }],
      ['by direction', { using_znorm: true, share_quant_resi: 1 }],
      ['on one scale', { v_patch_nums: [3] }],
      ['on maps that are no squares', { v_patch_nums: [1, [2, 3], [4, 6]], share_quant_resi: 2 }],
    ])('%s: decodes ids of the first scales to the partial sums', (_, changes) => {
      const config = parse(changes);
      tf.tidy(() => {
        const params = paramsOf(config);
        const x = features(config);
        const { partials } = encodeScales(x, params, config);
        const { ids, codes, margins } = multiScaleQuantizer.encode(x, params, config);
        expect(ids!.shape).toEqual(margins!.shape);
        expectClose(codes.dataSync(), partials.at(-1)!.dataSync(), 0);
        expectClose(multiScaleQuantizer.decode(ids!, params, config).dataSync(), codes.dataSync(), 1e-6);
        const first = tf.slice(ids!, [0, 0], [2, splitPoint(config)]);
        const decoded = decodeScales(first, params, config);
        decoded.forEach((partial, scale) => expectClose(partial.dataSync(), partials[scale]!.dataSync(), 1e-6));
      });
    });

    it('comes nearer to the features with every scale where nothing is convolved', () => {
      const config = parse({ vocab_size: 60, quant_resi: 0, v_patch_nums: [1, 2, 4] });
      const errors = tf.tidy(() => {
        const x = features(config);
        const { partials } = encodeScales(x, paramsOf(config), config);
        return partials.map((partial) => tf.mean(tf.squaredDifference(partial, x)).dataSync()[0]!);
      });
      expect(errors[2]!).toBeLessThan(errors[0]!);
    });

    it('prepares the inputs of a next-scale model', () => {
      const config = parse({ v_patch_nums: [1, 2, 4], quant_resi: 0 });
      tf.tidy(() => {
        const params = paramsOf(config);
        const { ids } = multiScaleQuantizer.encode(features(config), params, config);
        const inputs = nextScaleInputs(ids!, params, config);
        expect(inputs.shape).toEqual([2, 20, 4]);
        const withoutLast = nextScaleInputs(tf.slice(ids!, [0, 0], [2, 5]), params, config);
        expectClose(withoutLast.dataSync(), inputs.dataSync(), 0);
        // One code everywhere stays that code.
        const first = tf.slice(ids!, [0, 0], [2, 1]).dataSync()[0]!;
        const row = params.codebook.dataSync().subarray(first * 4, first * 4 + 4);
        expectClose(tf.slice(inputs, [0, 3, 0], [1, 1, 4]).dataSync(), row, 1e-6);
      });
    });

    it('refuses features and ids of other sizes', () => {
      const config = parse();
      tf.tidy(() => {
        const params = paramsOf(config);
        expect(() => multiScaleQuantizer.encode(tf.zeros([1, 8, 7, 4]), params, config)).toThrow(ShapeError);
        expect(() => multiScaleQuantizer.encode(tf.zeros([1, 8, 8, 3]), params, config)).toThrow(ShapeError);
        expect(() => multiScaleQuantizer.decode(tf.zeros([1, 6], 'int32'), params, config)).toThrow(
          '1, 5, 14, 39, 103',
        );
        expect(() => multiScaleQuantizer.decode(tf.zeros([1, 0], 'int32'), params, config)).toThrow(ShapeError);
        const single = parse({ v_patch_nums: [2] });
        expect(() => nextScaleInputs(tf.zeros([1, 4], 'int32'), paramsOf(single), single)).toThrow(ShapeError);
      });
    });

    it('leaves no tensors behind', () => {
      const config = parse({ v_patch_nums: [1, 2], quant_resi: 0 });
      const params = paramsOf(config);
      const x = features(config);
      const encoded = multiScaleQuantizer.encode(x, params, config);
      const decoded = multiScaleQuantizer.decode(encoded.ids!, params, config);
      tf.dispose([x, decoded, params.codebook, ...(Object.values(encoded) as tf.Tensor[])]);
    });
  });

  onBackends((backend) => {
    it('keeps items of a batch apart', () => {
      const sides = fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });
      fc.assert(
        fc.property(sides, fc.boolean(), (scales, isNormalized) => {
          const config = parse({ v_patch_nums: scales.sort((a, b) => a - b), using_znorm: isNormalized });
          tf.tidy(() => {
            const params = paramsOf(config);
            const x = features(config);
            const both = multiScaleQuantizer.encode(x, params, config).ids!.dataSync();
            const second = tf.slice(x, [1, 0, 0, 0], [1, ...x.shape.slice(1)]);
            const alone = multiScaleQuantizer.encode(second, params, config).ids!.dataSync();
            expect([...both.subarray(alone.length)]).toEqual([...alone]);
            expect(both.every((id) => id >= 0 && id < config.codes)).toBe(true);
          });
        }),
        { numRuns: backend === 'cpu' ? 8 : 4 },
      );
    });
  });
});

describe('ids of scales', () => {
  onBackends(() => {
    it('lie coarse to fine and row by row', () => {
      const scales = [
        [1, 1],
        [1, 2],
      ] as const;
      const ids = () => tf.tensor2d([[7, 8, 9]], [1, 3], 'int32');
      expect(valuesOf(() => splitScales(ids(), scales)[1]!)).toEqual([8, 9]);
      expect(resultOf(() => splitScales(ids(), scales)[0]!).shape).toEqual([1, 1, 1]);
    });
  });
});

/** Tokens of all scales but the last, or of the only one. */
function splitPoint({ scales }: MultiScaleConfig): number {
  const some = scales.length > 1 ? scales.slice(0, -1) : scales;
  return some.reduce((sum, [height, width]) => sum + height * width, 0);
}
