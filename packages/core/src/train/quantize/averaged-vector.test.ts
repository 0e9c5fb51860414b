import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { wave } from '../../../test/on-backends';
import { averagedVectorQuantizer } from '../../quantize/averaged-vector';
import { expectClose } from '../../test/expect-close';
import { useLeakGuard } from '../../test/leak-guard';
import { trainAveragedVector } from './averaged-vector';
import type { CodebookState } from './ema-codebook';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const parse = averagedVectorQuantizer.parseConfig;
const configs = [
  parse({ impl: '4m', dim: 3, codebook_size: 5 }),
  parse({ impl: '4m', dim: 3, codebook_size: 5, use_cosine_sim: true }),
  parse({ impl: 'norm-ema', n_embed: 5, embedding_dim: 3 }),
  parse({ impl: 'sonnet-ema', num_embeddings: 5, embedding_dim: 3 }),
];
const vectors = () => tf.tensor3d(wave(24), [2, 4, 3]);
const stateOf = (): CodebookState => {
  const codes = tf.tensor2d(wave(15, 3), [5, 3]);
  return { codes, counts: tf.ones([5]), sums: tf.clone(codes) };
};

describe('the training form of codebooks that learn by averages', () => {
  useLeakGuard();

  it.each(configs.map((config) => [config.flavor, config] as const))(
    'finds what the quantizer finds (%s)',
    (_, config) => {
      tf.tidy(() => {
        const trained = trainAveragedVector(vectors(), {}, stateOf(), config);
        const params = { codebook: stateOf().codes as tf.Tensor2D };
        const { ids, codes } = averagedVectorQuantizer.encode(vectors(), params, config);
        expect([...trained.ids.dataSync()]).toEqual([...ids!.dataSync()]);
        expectClose(trained.quantized.dataSync(), codes.dataSync());
        expect(trained.perplexity.dataSync()[0]).toBeGreaterThan(1);
      });
    },
  );

  it.each(configs.map((config) => [config.flavor, config] as const))(
    'moves nothing in evaluation (%s)',
    (flavor, config) => {
      tf.tidy(() => {
        const { state } = trainAveragedVector(vectors(), {}, stateOf(), config, {}, false);
        expect([...state.codes.dataSync()]).toEqual([...stateOf().codes.dataSync()]);
        const isCounted = [...state.counts.dataSync()].some((count) => count !== 1);
        expect(isCounted).toBe(flavor === 'norm-ema');
      });
    },
  );

  it('draws codes with noise, and the best one without', () => {
    const config = { ...configs[0]!, sampleCodebookTemp: 1 };
    tf.tidy(() => {
      const gumbel = tf.tensor2d(
        Array.from({ length: 40 }, (_, at) => (at % 5 === 2 ? 100 : 0)),
        [8, 5],
      );
      const drawn = trainAveragedVector(vectors(), {}, stateOf(), config, { gumbel });
      expect([...drawn.ids.dataSync()]).toEqual(new Array(8).fill(2));
      const best = trainAveragedVector(vectors(), {}, stateOf(), config);
      const plain = trainAveragedVector(vectors(), {}, stateOf(), configs[0]!);
      expect([...best.ids.dataSync()]).toEqual([...plain.ids.dataSync()]);
    });
  });

  it('weighs the commitment of the vectors', () => {
    tf.tidy(() => {
      const lossAt = (commitmentWeight: number) =>
        trainAveragedVector(vectors(), {}, stateOf(), { ...configs[3]!, commitmentWeight }).loss.dataSync()[0]!;
      expectClose(lossAt(0.5), 2 * lossAt(0.25));
      const gradient = tf.grad(
        (x: tf.Tensor) => trainAveragedVector(x, {}, stateOf(), { ...configs[3]!, commitmentWeight: 1 }).loss,
      )(vectors());
      const { quantized } = trainAveragedVector(vectors(), {}, stateOf(), configs[3]!);
      expectClose(gradient.dataSync(), tf.mul(tf.sub(vectors(), quantized), 2 / 24).dataSync());
    });
  });
});
