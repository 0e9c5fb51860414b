import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, valuesOf } from '../../test/on-backends';
import { ConfigError } from '../errors';
import { expectClose } from '../test/expect-close';
import { averagedVectorQuantizer } from './averaged-vector';

const { parseConfig: parse, encode, decode } = averagedVectorQuantizer;

describe('codebooks that learn by averages', () => {
  it('take the arguments and defaults of their code bases', () => {
    expect(parse({ impl: '4m', dim: 6, codebook_size: 9, use_cosine_sim: true })).toMatchObject({
      flavor: '4m-cosine',
      codebookDim: 6,
      decay: 0.8,
      thresholdEmaDeadCode: 0,
      codeReplacementPolicy: 'batch_random',
      normLatents: false,
    });
    expect(parse({ impl: '4m', dim: 6, codebook_size: 9 }).flavor).toBe('4m-euclidean');
    expect(parse({ impl: 'norm-ema', n_embed: 9, embedding_dim: 6 })).toMatchObject({
      flavor: 'norm-ema',
      decay: 0.99,
      normLatents: true,
      commitmentWeight: 1,
    });
    expect(parse({ impl: 'sonnet-ema', num_embeddings: 9, embedding_dim: 6 })).toMatchObject({
      flavor: 'sonnet',
      commitmentWeight: 0.25,
    });
    expect(() => parse({ impl: 'other', dim: 6 })).toThrow(ConfigError);
    expect(() => parse({ impl: '4m', dim: 6, codebook_size: 9, code_replacement_policy: 'none' })).toThrow(ConfigError);
  });

  onBackends(() => {
    const codebook = () => tf.tensor2d([0.1, 0, 0, 5], [2, 2]);
    const z = () => tf.tensor2d([[0.5, 0.6]]);
    const idOf = (config: Parameters<typeof encode>[2]) =>
      valuesOf(() => encode(z(), { codebook: codebook() }, config).ids!);

    it('compare lengths or directions, and give the row as it is stored', () => {
      expect(idOf(parse({ impl: '4m', dim: 2, codebook_size: 2 }))).toEqual([0]);
      const cosine = parse({ impl: '4m', dim: 2, codebook_size: 2, use_cosine_sim: true });
      expect(idOf(cosine)).toEqual([1]);
      expectClose(
        valuesOf(() => encode(z(), { codebook: codebook() }, cosine).codes),
        [0, 5],
      );
      // The query has length 1, the rows keep theirs.
      expect(idOf(parse({ impl: 'norm-ema', n_embed: 2, embedding_dim: 2 }))).toEqual([0]);
    });

    it('divide vectors into heads that share the codes', () => {
      const config = parse({ impl: '4m', dim: 4, codebook_size: 2, codebook_dim: 2, heads: 2 });
      tf.tidy(() => {
        const params = { codebook: codebook() };
        const { ids, codes } = encode(tf.tensor3d([[[0, 4, 0, 0]]]), params, config);
        expect(ids!.shape).toEqual([1, 1, 2]);
        expect([...ids!.dataSync()]).toEqual([1, 0]);
        expect([...decode(ids!, params, config).dataSync()]).toEqual([...codes.dataSync()]);
      });
    });
  });
});
