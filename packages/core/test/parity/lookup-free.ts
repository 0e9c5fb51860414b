import * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, HostTensors } from '../../src/engine/engine';
import { magvit2LfqQuantizer } from '../../src/quantize/factorized-lfq';
import { gqQuantizer } from '../../src/quantize/gq';
import { groupedQuantizer } from '../../src/quantize/grouped';
import { lfqQuantizer } from '../../src/quantize/lfq-quantizer';
import { residualLfqCodes, residualLfqQuantizer } from '../../src/quantize/residual-lfq';
import type { Json } from '../../src/signal/signal';
import type { ParityCase, ParityReport, ParityRunner } from '../../src/test/parity/parity-case';
import { trainFactorizedLfq } from '../../src/train/quantize/factorized-lfq';
import { trainGroups } from '../../src/train/quantize/grouped';
import { trainLfq } from '../../src/train/quantize/lfq';
import { trainResidualLfq } from '../../src/train/quantize/residual-lfq';
import { openQuantizer } from './open-quantizer';
import { lastLayerOf, reportDecoded } from './residual-cases';
import { channelsFirst, channelsLast, runTraining } from './run-training';

interface CaseConfig {
  readonly class?: string;
  readonly args: Readonly<Record<string, Json>>;
  readonly train?: boolean;
  readonly forward?: { readonly inv_temperature?: number };
}

const configOf = (test: ParityCase) => test.config as unknown as CaseConfig;

/** Channels last, whatever the case has. */
function vectorsOf(test: ParityCase, name: string): HostTensor {
  const { shape } = test.input(name);
  const { channel_first: first } = configOf(test).args;
  return (first ?? shape.length >= 4) ? channelsLast(test, name) : test.input(name);
}

function layoutOf(test: ParityCase) {
  const vectors = vectorsOf(test, 'x').shape;
  const moved = vectors.join() !== test.input('x').shape.join();
  return (_: string, tensor: HostTensor) =>
    moved && tensor.shape.length === vectors.length && tensor.shape.slice(0, -1).join() === vectors.slice(0, -1).join()
      ? channelsFirst(tensor)
      : 'as-is';
}

function inputsOf(test: ParityCase): HostTensors {
  return Object.fromEntries(
    test.inputs.map((name) => [name, ['x', 'ct'].includes(name) ? vectorsOf(test, name) : test.input(name)]),
  );
}

const asFloat = (mask: tf.Tensor | undefined) => mask && tf.cast(mask, 'float32');

/** lucidrains' LFQ, ResidualLFQ and GroupedResidualLFQ. */
export const runLucidrainsLfq: ParityRunner = async (test, report) => {
  const { class: name } = configOf(test);
  switch (name) {
    case 'LFQ':
      return runPlain(test, report);
    case 'ResidualLFQ':
      return runResidual(test, report);
    case 'GroupedResidualLFQ':
      return runGrouped(test, report);
    default:
      throw new Error(`${test.name}: no class ${name}`);
  }
};

async function runGrouped(test: ParityCase, report: ParityReport): Promise<void> {
  const { args, train = false } = configOf(test);
  const grouped = groupedQuantizer('grouped-residual-lfq', residualLfqQuantizer);
  const config = grouped.parseConfig(args);
  const layout = layoutOf(test);
  const opened = await openQuantizer(test, grouped, config);
  const { ids, codes } = await opened.encode(vectorsOf(test, 'x'));
  if (!train) {
    report.tensor('ids', ids);
    report.tensor('quantized', codes, layout('quantized', codes!));
    reportNoLoss(test, report, 'loss');
    return reportDecoded(test, report, opened, ids!, layout);
  }
  const lastLayer = lastLayerOf(test.expected('ids'));
  const trained = await runTraining(test, grouped, config, inputsOf(test), (x, params, { mask }) => {
    const options = { lastLayer, ...(mask ? { mask: asFloat(mask)! } : {}) };
    return { ...trainGroups(x, params, config, (part, own, group) => trainResidualLfq(part, own, group, options)) };
  });
  report.all(trained, { layout });
  return reportDecoded(test, report, opened, trained['ids']!, layout);
}

async function runPlain(test: ParityCase, report: ParityReport): Promise<void> {
  const { args, train = false, forward = {} } = configOf(test);
  const config = lfqQuantizer.parseConfig(args);
  const layout = layoutOf(test);
  const opened = await openQuantizer(test, lfqQuantizer, config);
  const { ids, codes } = await opened.encode(vectorsOf(test, 'x'));
  report.tensor('ids', ids);
  if (test.expects('decoded')) report.tensor('decoded', await opened.decode(ids!), layout('decoded', codes!));
  if (!train) {
    report.tensor('quantized', codes, layout('quantized', codes!));
    return reportNoLoss(test, report, 'loss');
  }
  const inputs = { ...inputsOf(test), ...sampledOf(test, config.sampledShare) };
  const trained = await runTraining(test, lfqQuantizer, config, inputs, (x, params, { mask, sampled }) => {
    const weights = { ...(mask ? { mask: asFloat(mask)! } : {}), ...(sampled ? { sampled } : {}) };
    const { inv_temperature: inverseTemperature = 100 } = forward;
    return { ...trainLfq(x, params, config, { inverseTemperature, ...weights }) };
  });
  report.equal('training ids', Array.from(trained['ids']!.data), Array.from(ids!.data));
  report.all(renamed(trained), { layout });
}

/**
 * The positions that a share of the entropies is taken of: those whose place in a random order is below their number. The
 * order is drawn as such, or as the numbers that are sorted for it.
 */
function sampledOf(test: ParityCase, share: number): HostTensors {
  const name = test.inputs.find((input) => !['x', 'ct', 'mask'].includes(input));
  if (share === 1 || name === undefined) return {};
  const { data } = test.input(name);
  const order = data instanceof Int32Array ? data : Array.from(data.keys()).sort((a, b) => data[a]! - data[b]!);
  const count = Math.trunc(order.length * share);
  const sampled = Float32Array.from(order, (place) => (place < count ? 1 : 0));
  return { sampled: { shape: [sampled.length], data: sampled } };
}

async function runResidual(test: ParityCase, report: ParityReport): Promise<void> {
  const { args, train = false } = configOf(test);
  const config = residualLfqQuantizer.parseConfig(args);
  const layout = layoutOf(test);
  const opened = await openQuantizer(test, residualLfqQuantizer, config);
  const encoded = await opened.encode(vectorsOf(test, 'x'));
  const results = train ? await trainedResidual(test) : { ids: encoded['ids']!, quantized: encoded['codes']! };
  report.all(results, { layout });
  if (!train) reportNoLoss(test, report, 'loss');
  await reportDecoded(test, report, opened, results['ids']!, layout);
  if (!test.expects('all_codes')) return;
  const all = await test.evaluate((given) => ({ all: residualLfqCodes(given['ids']!, {}, config) }), {
    ids: results['ids']!,
  });
  report.tensor('all_codes', all['all']);
}

function trainedResidual(test: ParityCase): Promise<HostTensors> {
  const config = residualLfqQuantizer.parseConfig(configOf(test).args);
  const lastLayer = lastLayerOf(test.expected('ids'));
  return runTraining(test, residualLfqQuantizer, config, inputsOf(test), (x, params, { mask }) => ({
    ...trainResidualLfq(x, params, config, { lastLayer, ...(mask ? { mask: asFloat(mask)! } : {}) }),
  }));
}

/** The official modules return zeros instead of losses in evaluation. */
function reportNoLoss(test: ParityCase, report: ParityReport, name: string): void {
  if (!test.expects(name)) return;
  const { shape } = test.expected(name);
  const size = shape.reduce((product, length) => product * length, 1);
  report.tensor(name, { shape, data: new Float32Array(size) });
}

function renamed(results: HostTensors): HostTensors {
  const { perSampleEntropy, batchEntropy, entropyLoss, ...others } = results;
  return {
    ...others,
    per_sample_entropy: perSampleEntropy!,
    batch_entropy: batchEntropy!,
    ...(entropyLoss ? { entropy_loss: entropyLoss } : {}),
  };
}

/** Open-MAGVIT2's LFQ and WeTok's GFQ, whose ids are flat, one tensor a slice. */
export const runFactorizedLfq: ParityRunner = async (test, report) => {
  const { args, train = false } = configOf(test);
  const quantizer = test.key === 'core/gq' ? gqQuantizer : magvit2LfqQuantizer;
  const config = quantizer.parseConfig(args);
  const layout = layoutOf(test);
  const opened = await openQuantizer(test, quantizer, config);
  const { ids, codes } = await opened.encode(vectorsOf(test, 'x'));
  const slices = config.slices?.length ?? 1;
  for (let slice = 0; slice < slices; slice += 1) {
    const data = ids!.data.filter((_, index) => index % slices === slice);
    report.tensor(config.slices ? `ids.slice${slice}` : 'ids', { shape: [data.length], data });
  }
  report.tensor('decoded', await opened.decode(ids!), layout('decoded', codes!));
  if (!train) {
    report.tensor('quantized', codes, layout('quantized', codes!));
    return;
  }
  const trained = await runTraining(test, quantizer, config, inputsOf(test), (x, _params, { mask }) => ({
    ...trainFactorizedLfq(x, config, asFloat(mask)),
  }));
  report.equal('training ids', Array.from(trained['ids']!.data), Array.from(ids!.data));
  const { ids: _, ...others } = renamed(trained);
  report.all(others, { layout });
};
