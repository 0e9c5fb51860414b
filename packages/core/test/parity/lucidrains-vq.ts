import * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, HostTensors, Tensors } from '../../src/engine/engine';
import { type MultiHeadVectorParams, multiHeadVectorQuantizer } from '../../src/quantize/multi-head-vector';
import type { MultiHeadVectorConfig } from '../../src/quantize/multi-head-vector-config';
import type { Json } from '../../src/signal/signal';
import type { ParityCase, ParityReport, ParityRunner } from '../../src/test/parity/parity-case';
import type { CodebookPassState } from '../../src/train/quantize/codebook-pass';
import {
  type MultiHeadVectorDraws,
  type MultiHeadVectorTraining,
  type MultiHeadVectorTrainingOptions,
  trainMultiHeadVector,
} from '../../src/train/quantize/multi-head-vector';
import { gumbelNoise } from '../../src/train/quantize/sample-codes';
import { type CodebookStep, runCodebookSteps } from './codebook-steps';
import { officialParams, weightKeys } from './official-params';
import { openQuantizer } from './open-quantizer';
import { channelsFirst, channelsLast } from './run-training';

interface LucidrainsCase {
  readonly args: Readonly<Record<string, Json>>;
  readonly train?: boolean;
  /** Arguments of the forward pass. */
  readonly forward?: {
    readonly topk?: number;
    readonly sample_codebook_temp?: number;
    readonly freeze_codebook?: boolean;
    readonly ema_update?: boolean;
  };
}

const affineNames = {
  batchMean: '_codebook.batch_mean',
  batchVariance: '_codebook.batch_variance',
  codebookMean: '_codebook.codebook_mean',
  codebookVariance: '_codebook.codebook_variance',
} as const;

/** vector-quantize-pytorch's `VectorQuantize`: `vq/lucid-*`. */
export const runLucidrainsVq: ParityRunner = async (test, report) => {
  const { args, train = false } = test.config as unknown as LucidrainsCase;
  const config = multiHeadVectorQuantizer.parseConfig(args);
  if (train) await runTraining(test, report, config);
  else await runInference(test, report, config);
};

function hasChannelsFirst({ channelLast, acceptImageFmap, accept3dFmap }: MultiHeadVectorConfig): boolean {
  return !channelLast || acceptImageFmap || accept3dFmap;
}

async function runInference(test: ParityCase, report: ParityReport, config: MultiHeadVectorConfig): Promise<void> {
  const quantizer = await openQuantizer(test, multiHeadVectorQuantizer, config);
  const isMap = hasChannelsFirst(config);
  const layout = (tensor: HostTensor) => (isMap ? channelsFirst(tensor) : 'as-is');
  const { ids, codes } = await quantizer.encode(isMap ? channelsLast(test, 'x') : test.input('x'));
  report.tensor('ids', ids);
  report.tensor('quantized', codes, layout(codes!));
  if (test.expects('loss')) report.tensor('loss', { shape: [], data: Float32Array.of(0) });
  if (test.expects('decoded')) {
    const decoded = await quantizer.decode(ids!);
    report.tensor('decoded', decoded, layout(decoded));
  }
}

async function runTraining(test: ParityCase, report: ParityReport, config: MultiHeadVectorConfig): Promise<void> {
  const declared = (map: Parameters<typeof multiHeadVectorQuantizer.weights>[0]) =>
    multiHeadVectorQuantizer.weights(map, { ...config, affineParam: false });
  const paramKeys = weightKeys(declared);
  const options = optionsOf(test.config as unknown as LucidrainsCase);
  const starts = config.kmeansInit && (await test.weight('_codebook.initted')).data[0] === 0;
  await runCodebookSteps(test, report, {
    keys: [...paramKeys, '_codebook.cluster_size', '_codebook.embed_avg'],
    reported: { '_codebook.initted': { shape: [], data: Int32Array.of(1) } },
    isMap: hasChannelsFirst(config),
    prepareDraws: (draws) => wholeBatchRows(withMask(draws, test), config),
    forward(x, buffers, draws, { step }) {
      const params = officialParams<MultiHeadVectorParams>(
        declared,
        Object.fromEntries(paramKeys.map((key) => [key, buffers[key]!])),
      );
      const drawn = drawsOf(draws, starts && step === 1);
      return stepOf(
        trainMultiHeadVector(x, params, stateOf(buffers), config, drawn, { ...options, ...givenOf(draws) }),
      );
    },
  });
}

/** Arguments of the official forward pass, and the in-place optimizer of the constructor. */
function optionsOf({ args, forward = {} }: LucidrainsCase): MultiHeadVectorTrainingOptions {
  const { topk: topK, sample_codebook_temp: sampleCodebookTemp, freeze_codebook, ema_update } = forward;
  const optimizer = args['in_place_codebook_optimizer'] as { readonly sgd?: number } | null | undefined;
  const rate = optimizer?.sgd;
  return {
    ...(topK !== undefined && { topK }),
    ...(sampleCodebookTemp !== undefined && { sampleCodebookTemp }),
    ...(freeze_codebook !== undefined && { freezeCodebook: freeze_codebook }),
    ...(ema_update !== undefined && { emaUpdate: ema_update }),
    ...(rate !== undefined && { inPlaceOptimizer: (codes, gradient) => tf.sub(codes, tf.mul(gradient, rate)) }),
  };
}

function givenOf({ mask, indices: targets, ema_update_weight: updateWeight }: Tensors): MultiHeadVectorTrainingOptions {
  return { ...(mask && { mask }), ...(targets && { targets }), ...(updateWeight && { updateWeight }) };
}

/** A mask from the lengths of the items. */
function withMask({ lens, ...draws }: HostTensors, test: ParityCase): HostTensors {
  if (!lens) return draws;
  const length = test.input(test.inputs.includes('x1') ? 'x1' : 'x').shape[1]!;
  const flags = Int32Array.from({ length: lens.data.length * length }, (_, at) =>
    Number(at % length < lens.data[Math.floor(at / length)]!),
  );
  return { ...draws, mask: { shape: [lens.data.length, length], data: flags } };
}

function stateOf(buffers: Tensors): CodebookPassState {
  const affine = Object.fromEntries(
    Object.entries(affineNames).flatMap(([name, key]) => (buffers[key] ? [[name, buffers[key]]] : [])),
  );
  return {
    codes: buffers['_codebook.embed']!,
    counts: buffers['_codebook.cluster_size']!,
    sums: buffers['_codebook.embed_avg']!,
    affine,
  };
}

/** Draws of a step as the training form takes them. */
export function drawsOf(draws: Tensors, starts: boolean): MultiHeadVectorDraws {
  const { perm, kmeans_rows: startRows, uniform, gumbel, noise, code_order: codeOrder = perm } = draws;
  return {
    ...(starts && { startRows: startRows ?? perm! }),
    ...(perm && { deadCodeRows: perm }),
    ...(codeOrder && { codeOrder }),
    ...(uniform && { gumbel: gumbelNoise(uniform) }),
    ...(gumbel && { gumbel }),
    ...(noise && {
      directionNoise: tf.reshape(noise, [noise.rank === 4 ? noise.shape[0] : 1, -1, noise.shape.at(-1)!]),
    }),
  };
}

function stepOf({ quantized, ids, losses, state, ...result }: MultiHeadVectorTraining): CodebookStep {
  const affine = Object.entries(affineNames).flatMap(([name, key]) => {
    const tensor = state.affine?.[name as keyof typeof affineNames];
    return tensor ? [[key, tensor] as const] : [];
  });
  return {
    quantized,
    ids,
    loss: result.crossEntropy ?? result.loss,
    after: {
      '_codebook.embed': state.codes,
      '_codebook.cluster_size': state.counts,
      '_codebook.embed_avg': state.sums!,
      ...Object.fromEntries(affine),
    },
    others: {
      loss_commitment: losses.commitment,
      loss_codebook_diversity: losses.codebookDiversity,
      loss_orthogonal_reg: losses.orthogonalReg,
      loss_inplace_optimize: losses.inPlaceOptimize,
    },
  };
}

/** The official code counts rows among those that the mask leaves; ours counts all. */
function wholeBatchRows(draws: HostTensors, { heads, separateCodebookPerHead }: MultiHeadVectorConfig): HostTensors {
  const { mask } = draws;
  if (!mask) return draws;
  const [batch, length] = mask.shape as [number, number];
  const copies = separateCodebookPerHead ? 1 : heads;
  const valid = Array.from({ length: batch * copies * length }, (_, row) => row).filter((row) => {
    const item = Math.floor(row / (copies * length));
    return mask.data[item * length + (row % length)] !== 0;
  });
  const whole = ({ shape, data }: HostTensor): HostTensor => ({
    shape,
    data: Int32Array.from(data, (row) => valid[row] ?? 0),
  });
  return {
    ...draws,
    ...(draws['perm'] && { perm: whole(draws['perm']) }),
    ...(draws['kmeans_rows'] && { kmeans_rows: whole(draws['kmeans_rows']) }),
  };
}
