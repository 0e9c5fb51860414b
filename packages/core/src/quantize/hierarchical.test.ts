import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, wave } from '../../test/on-backends';
import { randomWeights } from '../checkpoint/random-weights';
import { ConfigError } from '../errors';
import { expectClose } from '../test/expect-close';
import {
  decodeHierarchy,
  type HierarchicalConfig,
  type HierarchicalParams,
  hierarchicalQuantizer,
} from './hierarchical';

const parse = (changes: object = {}) =>
  hierarchicalQuantizer.parseConfig({ dim: 3, codebook_size: 9, scales: [1, 2, 4], ...changes });

function paramsOf(config: HierarchicalConfig, convolutions: number): HierarchicalParams {
  return {
    inner: { codes: tf.tensor3d(wave(27, 1), [1, 9, 3]) },
    convolutions: Array.from({ length: convolutions }, (_, index) => ({
      kernel: tf.mul(tf.tensor4d(wave(81, index + 3), [3, 3, 3, 3]), 0.2) as tf.Tensor4D,
    })),
  };
}

describe('configuration of a hierarchy', () => {
  it('has the official defaults', () => {
    const { inner, convolutionRatio, sharedConvolutions } = parse();
    expect([convolutionRatio, sharedConvolutions]).toEqual([0.5, 1]);
    expect(inner).toMatchObject({ decay: 0.99, rotationTrick: false, kmeansInit: true, thresholdEmaDeadCode: 2 });
    expect(inner).toMatchObject({ sampleCodebookTemp: 0.1, orthogonalRegMaxCodes: 128, commitmentWeight: 1 });
  });

  it('refuses scales out of order and layouts that the official module lacks', () => {
    expect(() => parse({ scales: [2, 1] })).toThrow(ConfigError);
    expect(() => parse({ accept_image_fmap: false })).toThrow(ConfigError);
    expect(() => parse({ codebook: 3 })).toThrow(ConfigError);
  });

  it.each([
    [{}, ['phi_shared.conv.weight']],
    [{ share_quant_resi: 2 }, ['phi_levels.0.conv.weight', 'phi_levels.1.conv.weight']],
    [{ share_quant_resi: 0 }, [0, 1, 2].map((level) => `phi_levels.${level}.conv.weight`)],
    [{ share_quant_resi: 8 }, [0, 1, 2].map((level) => `phi_levels.${level}.conv.weight`)],
    [{ quant_resi: 0 }, []],
  ])('names the convolutions of %j', (changes, expected) => {
    const { mapped } = randomWeights((map) => hierarchicalQuantizer.weights(map, parse(changes)), 0);
    const keys = mapped.map(({ key }) => key);
    expect(keys[0]).toBe('vq._codebook.embed');
    expect(keys.filter((key) => key.endsWith('conv.weight'))).toEqual(expected);
  });
});

describe('hierarchical quantization', () => {
  onBackends(() => {
    it.each([
      [{}, 1],
      [{ share_quant_resi: 2 }, 2],
      [{ quant_resi: 0 }, 0],
    ])('decodes what it encoded, %j', (changes, convolutions) => {
      const config = parse(changes);
      tf.tidy(() => {
        const params = paramsOf(config, convolutions);
        const { ids, codes } = hierarchicalQuantizer.encode(tf.tensor4d(wave(96), [2, 4, 4, 3]), params, config);
        expect(ids!.shape).toEqual([2, 21]);
        expectClose(hierarchicalQuantizer.decode(ids!, params, config).dataSync(), codes.dataSync(), 1e-6);
      });
    });

    it('takes features of any size, which decoding has to know', () => {
      const config = parse();
      tf.tidy(() => {
        const params = paramsOf(config, 1);
        const { ids, codes } = hierarchicalQuantizer.encode(tf.tensor4d(wave(90), [1, 5, 6, 3]), params, config);
        expect(codes.shape).toEqual([1, 5, 6, 3]);
        expectClose(decodeHierarchy(ids!, params, config, [5, 6]).dataSync(), codes.dataSync(), 1e-6);
        expect(hierarchicalQuantizer.decode(ids!, params, config).shape).toEqual([1, 4, 4, 3]);
      });
    });

    it('decodes the first scales alone', () => {
      const config = parse();
      tf.tidy(() => {
        const params = paramsOf(config, 1);
        const first = hierarchicalQuantizer.decode(tf.tensor2d([[3]], [1, 1], 'int32'), params, config);
        expect(first.shape).toEqual([1, 4, 4, 3]);
      });
    });
  });
});
