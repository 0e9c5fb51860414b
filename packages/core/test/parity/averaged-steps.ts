import type * as tf from '@tensorflow/tfjs-core';
import type { Tensors } from '../../src/engine/engine';
import type { AveragedVectorParams } from '../../src/quantize/averaged-vector';
import type { ParityCase, ParityReport } from '../../src/test/parity/parity-case';
import {
  type AveragedTrainingConfig,
  type AveragedVectorDraws,
  type AveragedVectorTraining,
  trainAveragedVector,
} from '../../src/train/quantize/averaged-vector';
import { codebookBuffers } from '../../src/train/quantize/codebook-flavors';
import type { CodebookState } from '../../src/train/quantize/ema-codebook';
import { type CodebookStep, runCodebookSteps } from './codebook-steps';

/** How one code base stores and feeds its codebook. */
export interface CodebookStorage {
  readonly config: AveragedTrainingConfig;
  /** Official keys of projections; the rest are those of the codebook. */
  readonly projectionKeys: readonly string[];
  readonly projections: (official: Tensors) => Pick<AveragedVectorParams, 'projectIn' | 'projectOut'>;
  /** Of the keys of the codebook: `_codebook.`. */
  readonly prefix: string;
  /** Key of the flag that says whether there are codes. */
  readonly flag?: string;
  readonly startsByKMeans: boolean;
  readonly isMap: boolean;
  /** Ids in the official layout. */
  readonly officialIds: (ids: tf.Tensor) => tf.Tensor;
}

/** Runs the training steps of a codebook that learns by averages. */
export async function runAveragedSteps(
  test: ParityCase,
  report: ParityReport,
  storage: CodebookStorage,
): Promise<void> {
  const { config, projectionKeys, projections, prefix, flag, isMap } = storage;
  const buffers = codebookBuffers[config.flavor];
  const keyOf = (name: 'codes' | 'counts' | 'sums') => prefix + (buffers[name] ?? '');
  const keys = [keyOf('codes'), keyOf('counts'), ...(buffers.sums === undefined ? [] : [keyOf('sums')])];
  const starts = storage.startsByKMeans && flag !== undefined && (await test.weight(flag)).data[0] === 0;
  // Only BEATs has it: k-means leaves the sizes of its clusters there.
  const startCountsKey = 'embedding.cluster_size';
  const extraKeys = config.flavor === 'norm-ema' ? [startCountsKey] : [];
  await runCodebookSteps(test, report, {
    keys: [...projectionKeys, ...keys, ...extraKeys],
    reported: flag === undefined ? {} : { [flag]: { shape: [1], data: Float32Array.of(1) } },
    isMap,
    forward(x, official, draws, { step, training }) {
      const state: CodebookState = {
        codes: official[keyOf('codes')]!,
        counts: official[keyOf('counts')]!,
        ...(buffers.sums !== undefined && { sums: official[keyOf('sums')]! }),
      };
      const drawn = drawsOf(draws, starts && step === 1);
      const result = trainAveragedVector(x, projections(official), state, config, drawn, training);
      return stepOf(storage, result, keyOf, startCountsKey);
    },
  });
}

function drawsOf(draws: Tensors, starts: boolean): AveragedVectorDraws {
  const { perm, kmeans_rows: startRows, noise, gumbel, code_order: codeOrder = perm } = draws;
  return {
    ...(starts && { startRows: startRows ?? perm! }),
    ...(perm && { deadCodeRows: perm }),
    ...(codeOrder && { codeOrder }),
    ...(noise && { splitNoise: noise }),
    ...(gumbel && { gumbel }),
  };
}

function stepOf(
  { officialIds }: CodebookStorage,
  { quantized, ids, loss, perplexity, state, startCounts }: AveragedVectorTraining,
  keyOf: (name: 'codes' | 'counts' | 'sums') => string,
  startCountsKey: string,
): CodebookStep {
  return {
    quantized,
    ids: officialIds(ids),
    loss,
    after: {
      [keyOf('codes')]: state.codes,
      [keyOf('counts')]: state.counts,
      ...(state.sums && { [keyOf('sums')]: state.sums }),
      ...(startCounts && { [startCountsKey]: startCounts }),
    },
    others: { perplexity },
  };
}
