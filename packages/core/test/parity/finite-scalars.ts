import * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, HostTensors } from '../../src/engine/engine';
import { fsqCodebook } from '../../src/quantize/fsq';
import { type FsqQuantizerConfig } from '../../src/quantize/fsq-config';
import { cosmosFsqQuantizer, fsqQuantizer, type FsqParams } from '../../src/quantize/fsq-quantizer';
import { groupedQuantizer } from '../../src/quantize/grouped';
import type { Quantizer } from '../../src/quantize/quantizer';
import {
  cosmosResidualFsqQuantizer,
  residualFsqCodes,
  residualFsqQuantizer,
  type ResidualFsqParams,
} from '../../src/quantize/residual-fsq';
import { type ResidualFsqConfig } from '../../src/quantize/residual-fsq-config';
import { s3FsqQuantizer } from '../../src/quantize/s3-fsq';
import type { Json } from '../../src/signal/signal';
import type { ParityCase, ParityReport, ParityRunner } from '../../src/test/parity/parity-case';
import { trainFsq, trainResidualFsq } from '../../src/train/quantize/fsq';
import { trainGroups } from '../../src/train/quantize/grouped';
import { openQuantizer } from './open-quantizer';
import { lastLayerOf, reportDecoded } from './residual-cases';
import { channelsFirst, channelsLast, runTraining } from './run-training';

interface CaseConfig {
  readonly class?: string;
  readonly args: Readonly<Record<string, Json>>;
}

/** Whether channels are axis 1: images and videos, and what is said to be so. Residual modules only believe the latter. */
function isChannelsFirst(test: ParityCase): boolean {
  const { args, class: name = '' } = test.config as unknown as CaseConfig;
  if (name === 'ResidualFSQ') return args['is_channel_first'] === true;
  return args['channel_first'] === true || args['accept_image_fmap'] === true || test.input('x').shape.length >= 4;
}

interface Form {
  readonly input: (name: string) => HostTensor;
  readonly layout: (name: string, tensor: HostTensor) => ReturnType<typeof channelsFirst>;
}

function formOf(test: ParityCase): Form {
  if (!isChannelsFirst(test)) return { input: (name) => test.input(name), layout: () => 'as-is' };
  return {
    input: (name) => channelsLast(test, name),
    layout: (name, tensor) => (name.includes('ids') || name.startsWith('grad_loss') ? 'as-is' : channelsFirst(tensor)),
  };
}

async function runInference<Config, Params>(
  test: ParityCase,
  report: ParityReport,
  quantizer: Quantizer<Config, Params>,
  config: Config,
): Promise<void> {
  const { input, layout } = formOf(test);
  const opened = await openQuantizer(test, quantizer, config);
  const { ids, codes } = await opened.encode(input('x'));
  report.tensor('ids', ids);
  report.tensor('quantized', codes, layout('quantized', codes!));
  await reportDecoded(test, report, opened, ids!, layout);
}

/** Every draw that a case gives beside `x`. */
function drawsOf(test: ParityCase, input: Form['input']): HostTensors {
  return Object.fromEntries(test.inputs.map((name) => [name, input(name)]));
}

async function runPlain(
  test: ParityCase,
  report: ParityReport,
  quantizer: Quantizer<FsqQuantizerConfig, FsqParams>,
  config: FsqQuantizerConfig,
): Promise<void> {
  const { input, layout } = formOf(test);
  // In the order in which the official code draws them, `[..., C, d]`.
  const [choice, offset] = test.inputs.filter((name) => !['x', 'ct'].includes(name));
  const draws = drawsOf(test, input);
  const trained = await runTraining(test, quantizer, config, draws, (x, params, given) => {
    const shape = [...x.shape.slice(0, -1), config.codebooks, config.codebookDim];
    const noise =
      choice && offset
        ? { noise: { choice: tf.reshape(given[choice]!, shape), offset: tf.reshape(given[offset]!, shape) } }
        : {};
    return { ...trainFsq(x, params, config, noise) };
  });
  report.all(trained, { layout });
  const opened = await openQuantizer(test, quantizer, config);
  const { ids, codes } = await opened.encode(input('x'));
  if (config.returnsIds) report.equal('ids without training', Array.from(ids!.data), Array.from(trained['ids']!.data));
  if (!offset) report.tensor('quantized', codes, layout('quantized', codes!));
  await reportDecoded(test, report, opened, ids!, layout);
  if (test.expects('all_values')) {
    const { values } = await test.evaluate(() => ({ values: fsqCodebook(config) }), {});
    report.tensor('all_values', values);
  }
}

async function runResidual(
  test: ParityCase,
  report: ParityReport,
  quantizer: Quantizer<ResidualFsqConfig, ResidualFsqParams>,
  config: ResidualFsqConfig,
): Promise<void> {
  const { input, layout: vectorLayout } = formOf(test);
  // Where channels are axis 1, so are the layers of ids.
  const moved = isChannelsFirst(test);
  const layout: Form['layout'] = (name, tensor) =>
    moved && name === 'ids' ? channelsFirst(tensor) : vectorLayout(name, tensor);
  const expected = test.expected('ids');
  const lastLayer = lastLayerOf(expected, moved ? 1 : expected.shape.length - 1);
  const draws = drawsOf(test, input);
  const trained = await runTraining(test, quantizer, config, draws, (x, params) => ({
    ...trainResidualFsq(x, params, config, { lastLayer }),
  }));
  report.all(trained, { layout });
  const opened = await openQuantizer(test, quantizer, config);
  const { ids, codes } = await opened.encode(input('x'));
  if (lastLayer === config.layers - 1) {
    report.equal('ids without training', Array.from(ids!.data), Array.from(trained['ids']!.data));
    if (!trainsWithNoise(config)) report.tensor('quantized', codes, layout('quantized', codes!));
  }
  await reportDecoded(test, report, opened, trained['ids']!, layout);
  if (!test.expects('all_codes')) return;
  const all = await test.evaluate((given) => ({ all: residualFsqCodes(given['ids']!, {}, config) }), {
    ids: trained['ids']!,
  });
  report.tensor('all_codes', all['all']);
}

function trainsWithNoise({ layer }: ResidualFsqConfig): boolean {
  return layer.noiseDropout > 0;
}

/** lucidrains' FSQ, ResidualFSQ and GroupedResidualFSQ. */
export const runLucidrainsFsq: ParityRunner = async (test, report) => {
  const { class: name, args } = test.config as unknown as CaseConfig;
  switch (name) {
    case 'FSQ':
      return runPlain(test, report, fsqQuantizer, fsqQuantizer.parseConfig(args));
    case 'ResidualFSQ':
      return runResidual(test, report, residualFsqQuantizer, residualFsqQuantizer.parseConfig(args));
    case 'GroupedResidualFSQ': {
      const grouped = groupedQuantizer('grouped-residual-fsq', residualFsqQuantizer);
      const config = grouped.parseConfig(args);
      await runInference(test, report, grouped, config);
      const { input, layout } = formOf(test);
      const lastLayer = lastLayerOf(test.expected('ids'));
      const trained = await runTraining(test, grouped, config, drawsOf(test, input), (x, params) => ({
        ...trainGroups(x, params, config, (part, own, group) => trainResidualFsq(part, own, group, { lastLayer })),
      }));
      report.all(trained, { layout });
      return;
    }
    default:
      throw new Error(`${test.name}: no class ${name}`);
  }
};

/** Cosmos' FSQuantizer and ResidualFSQuantizer. */
export const runCosmosFsq: ParityRunner = async (test, report) => {
  const { class: name, args } = test.config as unknown as CaseConfig;
  if (name === 'FSQuantizer') {
    await runInference(test, report, cosmosFsqQuantizer, cosmosFsqQuantizer.parseConfig(args));
    return;
  }
  // Official ids have the layers at axis 1.
  const config = cosmosResidualFsqQuantizer.parseConfig(args);
  const { input, layout } = formOf(test);
  const opened = await openQuantizer(test, cosmosResidualFsqQuantizer, config);
  const { ids, codes } = await opened.encode(input('x'));
  report.tensor('ids', ids, channelsFirst(ids!));
  report.tensor('quantized', codes, layout('quantized', codes!));
  report.tensor('decoded', await opened.decode(ids!), layout('decoded', codes!));
};

/** The quantizer of S3Tokenizer v2. */
export const runS3Fsq: ParityRunner = async (test, report) => {
  const { args } = test.config as unknown as CaseConfig;
  const opened = await openQuantizer(test, s3FsqQuantizer, s3FsqQuantizer.parseConfig(args));
  const { ids } = await opened.encode(test.input('x'));
  report.tensor('ids', ids);
};
