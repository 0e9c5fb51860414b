import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { onBackends, wave } from '../../test/on-backends';
import { randomWeights } from '../checkpoint/random-weights';
import { ConfigError, ShapeError } from '../errors';
import type { Json } from '../signal/signal';
import { expectClose } from '../test/expect-close';
import {
  groupedResidualVectorQuantizer,
  residualVectorCodes,
  type ResidualVectorParams,
  residualVectorQuantizer,
} from './residual-vector';
import type { ResidualVectorConfig } from './residual-vector-config';

type Changes = Readonly<Record<string, Json>>;

const parse = (changes: Changes = {}) =>
  residualVectorQuantizer.parseConfig({ dim: 4, num_quantizers: 3, codebook_size: 7, ...changes });

const matrix = (rows: number, columns: number, phase: number) => ({
  kernel: tf.mul(tf.tensor2d(wave(rows * columns, phase), [rows, columns]), 0.5) as tf.Tensor2D,
});

/** A row of a codebook, of length 1 where directions are compared. */
function rowOf(row: number, width: number, layer: number, isUnit: boolean): number[] {
  const values = [...wave(width, row * 3 + layer + 1)];
  const length = isUnit ? Math.hypot(...values) : 1;
  return values.map((value) => value / length);
}

function paramsOf(config: ResidualVectorConfig): ResidualVectorParams {
  const { layers, dim, codebookDim: width, implicit } = config;
  return {
    layers: layers.map(({ codebookSize, useCosineSim }, layer) => {
      const rows = Array.from({ length: codebookSize }, (_, row) => rowOf(row, width, layer, useCosineSim));
      return { codes: tf.tensor3d([rows]) };
    }),
    ...(dim !== width && { projectIn: matrix(dim, width, 20), projectOut: matrix(width, dim, 21) }),
    ...(implicit && {
      implicit: layers.slice(1).map((_, layer) => ({
        projectIn: matrix(2 * width, width, layer + 30),
        blocks: Array.from({ length: implicit.depth }, (__, block) => ({
          up: matrix(width, implicit.hidden, layer + block + 40),
          down: matrix(implicit.hidden, width, layer + block + 50),
        })),
      })),
    }),
  };
}

describe('configuration of ResidualVQ', () => {
  it('hands the options of a layer on, and sets what the official constructor sets', () => {
    expect(parse({ decay: 0.9 }).layers.map(({ decay }) => decay)).toEqual([0.9, 0.9, 0.9]);
    expect(parse({ shared_codebook: true }).layers[0]).toMatchObject({
      manualEmaUpdate: true,
      manualInPlaceOptimizerUpdate: true,
    });
    const implicit = parse({ implicit_neural_codebook: true, mlp_kwargs: { dim_hidden: 9, depth: 2 } });
    expect(implicit.implicit).toEqual({ hidden: 9, depth: 2 });
    expect(implicit.layers[0]).toMatchObject({ learnableCodebook: true, emaUpdate: false });
    const diveq = parse({ diveq: true });
    expect(diveq.layers[0]).toMatchObject({ commitmentWeight: 0, routeGradientsToInput: false, emaUpdate: false });
    expect(diveq.quantGradFrac).toBe(1);
    const sizes = residualVectorQuantizer.parseConfig({ dim: 4, codebook_size: [3, 5] });
    expect(sizes.layers.map(({ codebookSize }) => codebookSize)).toEqual([3, 5]);
    expect(residualVectorQuantizer.bitsPerToken(sizes)).toBeCloseTo(Math.log2(15));
  });

  it.each<Changes>([
    { num_quantizers: null },
    { codebook_size: [7, 7] },
    { codebook_size: [7, 7, 6], shared_codebook: true },
    { eval_beam_size: 2 },
    { beam_score_quantizer_weights: [1, 2] },
    { quantize_dropout: true, quantize_dropout_cutoff_index: 3 },
    { heads: 2 },
    { quantize_dropuot: true },
  ])('refuses %j', (changes) => {
    expect(() => parse(changes)).toThrow(ConfigError);
  });

  it('names weights as the official files do', () => {
    const config = parse({ codebook_dim: 2, implicit_neural_codebook: true, num_quantizers: 2 });
    const { mapped } = randomWeights((map) => residualVectorQuantizer.weights(map, config), 0);
    const keys = mapped.map(({ key }) => key);
    expect(keys).toContain('layers.1._codebook.embed');
    expect(keys).toContain('project_in.weight');
    expect(keys).toContain('mlps.0.layers.3.2.bias');
    expect(keys).toContain('mlps.0.proj_in.weight');
  });
});

describe('residual vector quantization', () => {
  onBackends(() => {
    it.each<Changes>([
      {},
      { codebook_size: [7, 11, 5] },
      { codebook_dim: 3 },
      { use_cosine_sim: true },
      { implicit_neural_codebook: true, mlp_kwargs: { depth: 2, dim_hidden: 6 } },
      { implicit_neural_codebook: true, mlp_kwargs: { depth: 1 }, codebook_dim: 2 },
      { beam_size: 3 },
      { beam_size: 4, implicit_neural_codebook: true, mlp_kwargs: { depth: 1 } },
      { beam_size: 2, use_cosine_sim: true, codebook_dim: 3 },
      { beam_size: 99 },
    ])('decodes what it encoded, %j', (changes) => {
      const config = parse(changes);
      tf.tidy(() => {
        const params = paramsOf(config);
        const x = tf.tensor3d(wave(40, 3), [2, 5, 4]);
        const { ids, codes } = residualVectorQuantizer.encode(x, params, config);
        expect(ids!.shape).toEqual([2, 5, 3]);
        expect(ids!.dtype).toBe('int32');
        expectClose(residualVectorQuantizer.decode(ids!, params, config).dataSync(), codes.dataSync(), 1e-5);
        const all = residualVectorCodes(tf.slice(ids!, [0, 0, 0], [2, 5, 2]), params, config);
        expect(all.shape).toEqual([3, 2, 5, config.codebookDim]);
        expect(tf.max(tf.abs(tf.slice(all, [2, 0, 0, 0], [1, 2, 5, config.codebookDim]))).dataSync()[0]).toBe(0);
      });
    });

    it('finds the best of all sequences with as many beams as codes, and never a worse one with more beams', () => {
      const errorOf = (changes: Changes) =>
        tf.tidy(() => {
          const config = parse({ num_quantizers: 2, codebook_size: 5, ...changes });
          const x = tf.tensor2d(wave(80, 4), [20, 4]);
          const { codes } = residualVectorQuantizer.encode(x, paramsOf(config), config);
          return [...tf.mean(tf.squaredDifference(codes, x), 1).dataSync()];
        });
      const greedy = errorOf({});
      // Only the last error counts.
      const weights = { beam_score_quantizer_weights: [0, 1] };
      const searched = errorOf({ beam_size: 5, ...weights });
      const exhaustive = tf.tidy(() => {
        const { layers } = paramsOf(parse({ num_quantizers: 2, codebook_size: 5 }));
        const [first, second] = layers.map(({ codes }) => tf.reshape(codes, [5, 4]));
        const sums = tf.add(tf.expandDims(first!, 1), tf.expandDims(second!, 0));
        const x = tf.tensor3d(wave(80, 4), [20, 1, 4]);
        const errors = tf.mean(tf.squaredDifference(x, tf.reshape(sums, [1, 25, 4])), -1);
        return [...tf.min(errors, 1).dataSync()];
      });
      expectClose(searched, exhaustive, 1e-5);
      expect(searched.some((error, row) => error < greedy[row]! - 1e-3)).toBe(true);
      errorOf({ beam_size: 2, ...weights }).forEach((error, row) => expect(error).toBeLessThan(greedy[row]! + 1e-5));
    });

    it('contributes nothing for -1, wherever it stands', () => {
      const config = parse();
      tf.tidy(() => {
        const params = paramsOf(config);
        const decode = (...ids: number[]) =>
          residualVectorQuantizer.decode(tf.tensor2d([ids], [1, ids.length], 'int32'), params, config).dataSync();
        expectClose(decode(-1, -1, -1), [0, 0, 0, 0], 0);
        expectClose(decode(3, -1, -1), decode(3), 0);
        const alone = params.layers[1]!.codes.dataSync().subarray(8, 12);
        expectClose(decode(-1, 2, -1), alone, 0);
        expect(() => decode(1, 1, 1, 1)).toThrow(ShapeError);
      });
    });

    it('keeps its margins away from 0 and infinity', () => {
      for (const changes of [{}, { implicit_neural_codebook: true, mlp_kwargs: { depth: 1 } }] as Changes[]) {
        const config = parse(changes);
        tf.tidy(() => {
          const x = tf.tensor2d(wave(40, 3), [10, 4]);
          const { margins } = residualVectorQuantizer.encode(x, paramsOf(config), config);
          expect([...margins!.dataSync()].every((margin) => margin > 0 && margin < 1)).toBe(true);
        });
      }
    });

    it('quantizes groups of channels apart', () => {
      const config = groupedResidualVectorQuantizer.parseConfig({
        dim: 8,
        groups: 2,
        num_quantizers: 2,
        codebook_size: 5,
      });
      tf.tidy(() => {
        const groups = [paramsOf(config.group), paramsOf(config.group)];
        const half = tf.tensor3d(wave(24), [2, 3, 4]);
        const { ids, codes } = groupedResidualVectorQuantizer.encode(tf.concat([half, half], -1), { groups }, config);
        expect(ids!.shape).toEqual([2, 2, 3, 2]);
        const [first, second] = tf.unstack(ids!);
        expect([...first!.dataSync()]).toEqual([...second!.dataSync()]);
        expectClose(groupedResidualVectorQuantizer.decode(ids!, { groups }, config).dataSync(), codes.dataSync(), 1e-6);
      });
    });

    it('leaves no tensors behind', () => {
      for (const changes of [{}, { beam_size: 2 }] as Changes[]) {
        const config = parse(changes);
        const params = paramsOf(config);
        const x = tf.tensor2d(wave(8), [2, 4]);
        const encoded = residualVectorQuantizer.encode(x, params, config);
        const decoded = residualVectorQuantizer.decode(encoded.ids!, params, config);
        tf.dispose([
          x,
          decoded,
          ...params.layers.map(({ codes }) => codes),
          ...(Object.values(encoded) as tf.Tensor[]),
        ]);
      }
    });
  });
});
