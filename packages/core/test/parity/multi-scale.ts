import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, HostTensors } from '../../src/engine/engine';
import {
  type HierarchicalConfig,
  type HierarchicalParams,
  hierarchicalQuantizer,
} from '../../src/quantize/hierarchical';
import { convolutionOfScales, multiScaleQuantizer, nextScaleInputs } from '../../src/quantize/multi-scale';
import type { MultiScaleConfig } from '../../src/quantize/multi-scale-config';
import { type Scales, splitScales } from '../../src/quantize/residual-scales';
import type { Json } from '../../src/signal/signal';
import type { ParityCase, ParityReport, ParityRunner } from '../../src/test/parity/parity-case';
import { trainHierarchical } from '../../src/train/quantize/hierarchical';
import { trainDroppedMultiScale, trainMultiScale } from '../../src/train/quantize/multi-scale';
import { scaleUsage } from '../../src/train/quantize/scale-usage';
import { runCodebookSteps } from './codebook-steps';
import { drawsOf } from './lucidrains-vq';
import { officialParams, weightKeys } from './official-params';
import { openQuantizer } from './open-quantizer';
import { channelsFirst, channelsLast, runTraining } from './run-training';

interface MultiScaleCase {
  readonly args: Json;
  readonly train?: boolean;
}

/** Columns `from..to` of `[B, L]`. */
function columns({ shape, data }: HostTensor, from: number, to: number): HostTensor {
  const [batch, length] = shape as [number, number];
  const rows = Array.from({ length: batch }, (_, row) => [...data.subarray(row * length + from, row * length + to)]);
  return { shape: [batch, to - from], data: Int32Array.from(rows.flat()) };
}

/** Ids of each scale in the shape of the case. */
function reportScales(test: ParityCase, report: ParityReport, ids: HostTensor, scales: Scales): readonly number[] {
  let start = 0;
  return scales.map(([height, width], scale) => {
    const part = columns(ids, start, start + height * width);
    const name = `ids.scale${scale}`;
    if (test.expects(name)) report.tensor(name, { ...part, shape: test.expected(name).shape });
    start += height * width;
    return start;
  });
}

/** VAR: eval cases through the loader, training cases with gradients. */
export const runVarMultiScale: ParityRunner = async (test, report) => {
  const { args, train = false } = test.config as unknown as MultiScaleCase;
  const config = multiScaleQuantizer.parseConfig(args);
  if (train) return trainVar(test, report, config);
  const quantizer = await openQuantizer(test, multiScaleQuantizer, config);
  const { ids, codes } = await quantizer.encode(test.input('x', 'nchw-nhwc'));
  const ends = reportScales(test, report, ids!, config.scales);
  for (const [scale, end] of ends.entries()) {
    report.tensor(`fhat.scale${scale}`, await quantizer.decode(columns(ids!, 0, end)), 'nhwc-nchw');
  }
  report.tensor('decoded', codes, 'nhwc-nchw');
  if (test.expects('phi_index')) {
    const chosen = convolutionOfScales(config);
    report.tensor('phi_index', { shape: [chosen.length], data: Int32Array.from(chosen) });
  }
  if (test.expects('var_input')) {
    const { input } = await runTraining(test, multiScaleQuantizer, config, { x: ids! }, (x, params) => {
      const input = nextScaleInputs(x, params, config);
      return { input, quantized: input };
    });
    report.tensor('var_input', input);
  }
};

async function trainVar(test: ParityCase, report: ParityReport, config: MultiScaleConfig): Promise<void> {
  const buffers = { hits: await test.weight('ema_vocab_hit_SV') };
  const inputs = { ...mapInputs(test), ...buffers };
  const results = await runTraining(test, multiScaleQuantizer, config, inputs, (x, params, given) => {
    const [batch, height, width] = x.shape as [number, number, number];
    const { hits: _, ...trained } = trainMultiScale(x as tf.Tensor4D, params, config);
    return { ...trained, usages: scaleUsage(given['hits'] as tf.Tensor2D, batch * height * width) };
  });
  reportTraining(test, report, results, config);
}

/** XQ-GAN: training with codebook drop. */
export const runXqganMultiScale: ParityRunner = async (test, report) => {
  const { args, train = false } = test.config as unknown as MultiScaleCase;
  if (!train) return runVarMultiScale(test, report);
  const config = multiScaleQuantizer.parseConfig(args);
  const draws: HostTensors = test.inputs.includes('dropout') ? { keptScales: test.input('dropout') } : {};
  const inputs = { ...mapInputs(test), ...draws };
  const results = await runTraining(test, multiScaleQuantizer, config, inputs, (x, params, { keptScales }) => {
    const trained = trainDroppedMultiScale(x as tf.Tensor4D, params, config, keptScales ? { keptScales } : {});
    const { quantized, ids, codebookLoss, commitmentLoss } = trained;
    const losses = { codebook_loss: codebookLoss, commit_loss: commitmentLoss };
    return { quantized, ids, ...losses, loss: tf.add(codebookLoss, commitmentLoss) };
  });
  reportTraining(test, report, results, config);
};

function mapInputs(test: ParityCase): HostTensors {
  const names = ['x', ...(test.inputs.includes('ct') ? ['ct'] : [])];
  return Object.fromEntries(names.map((name) => [name, channelsLast(test, name)]));
}

function reportTraining(test: ParityCase, report: ParityReport, results: HostTensors, config: MultiScaleConfig): void {
  reportScales(test, report, results['ids']!, config.scales);
  report.all(results, {
    layout: (name, tensor) => (name.startsWith('grad_loss.') ? 'as-is' : channelsFirst(tensor)),
  });
}

/** lucidrains' HierarchicalVQ. */
export const runHierarchical: ParityRunner = async (test, report) => {
  const { args, train = false } = test.config as unknown as MultiScaleCase;
  const config = hierarchicalQuantizer.parseConfig(args);
  if (train) return trainHierarchy(test, report, config);
  const quantizer = await openQuantizer(test, hierarchicalQuantizer, config);
  const { ids, codes } = await quantizer.encode(test.input('x', 'nchw-nhwc'));
  reportScales(test, report, ids!, config.scales);
  report.tensor('quantized', codes, 'nhwc-nchw');
  if (test.expects('decoded')) report.tensor('decoded', await quantizer.decode(ids!), 'nhwc-nchw');
  // Outside of training the official loss is 0.
  if (test.expects('loss')) report.tensor('loss', { shape: [], data: Float32Array.of(0) });
};

/** The codebook moves from scale to scale; the official code was given the same draws in each. */
async function trainHierarchy(test: ParityCase, report: ParityReport, config: HierarchicalConfig): Promise<void> {
  const declared = (map: Parameters<typeof hierarchicalQuantizer.weights>[0]) =>
    hierarchicalQuantizer.weights(map, config);
  const keys = weightKeys(declared);
  const starts = config.inner.kmeansInit && (await test.weight('vq._codebook.initted')).data[0] === 0;
  const buffers = { codes: 'vq._codebook.embed', counts: 'vq._codebook.cluster_size', sums: 'vq._codebook.embed_avg' };
  await runCodebookSteps(test, report, {
    keys: [...keys, buffers.counts, buffers.sums],
    reported: { 'vq._codebook.initted': { shape: [], data: Float32Array.of(1) } },
    isMap: true,
    forward(x, given, draws, { step }) {
      const official = Object.fromEntries(keys.map((key) => [key, given[key]!]));
      const params = officialParams<HierarchicalParams>(declared, official);
      const state = { codes: given[buffers.codes]!, counts: given[buffers.counts]!, sums: given[buffers.sums]! };
      const drawn = config.scales.map((_, scale) => drawsOf(draws, starts && step === 1 && scale === 0));
      const result = trainHierarchical(x as tf.Tensor4D, params, state, config, drawn);
      const after = Object.entries(buffers).map(([name, key]) => [key, result.state[name as 'codes']] as const);
      const maps = splitScales(result.ids, config.scales).map((ids, scale) => [`ids.scale${scale}`, ids] as const);
      return { ...result, after: Object.fromEntries(after), others: Object.fromEntries(maps) };
    },
  });
}
