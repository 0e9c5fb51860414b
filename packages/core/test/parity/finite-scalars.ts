import type { HostTensor, HostTensors } from '../../src/engine/engine';
import { fsqCodebook } from '../../src/quantize/fsq';
import {
  cosmosFsqQuantizer,
  fsqQuantizer,
  type FsqParams,
  type FsqQuantizerConfig,
} from '../../src/quantize/fsq-quantizer';
import { groupedQuantizer } from '../../src/quantize/grouped';
import type { Quantizer } from '../../src/quantize/quantizer';
import {
  cosmosResidualFsqQuantizer,
  residualFsqCodes,
  residualFsqQuantizer,
  type ResidualFsqConfig,
  type ResidualFsqParams,
} from '../../src/quantize/residual-fsq';
import { s3FsqQuantizer } from '../../src/quantize/s3-fsq';
import type { Json } from '../../src/signal/signal';
import type { ParityCase, ParityReport, ParityRunner } from '../../src/test/parity/parity-case';
import { trainFsq, trainResidualFsq } from '../../src/train/quantize/fsq';
import { openQuantizer } from './open-quantizer';
import { channelsFirst, channelsLast, runTraining } from './run-training';

interface CaseConfig {
  readonly class?: string;
  readonly args: Readonly<Record<string, Json>>;
}

/** Whether channels are axis 1: images and videos, and what is said to be so. */
function isChannelsFirst(test: ParityCase): boolean {
  const { args } = test.config as unknown as CaseConfig;
  const said = args['channel_first'] ?? args['is_channel_first'] ?? args['accept_image_fmap'];
  return said === true || test.input('x').shape.length >= 4;
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
): Promise<HostTensors> {
  const { input, layout } = formOf(test);
  const opened = await openQuantizer(test, quantizer, config);
  const encoded = await opened.encode(input('x'));
  const { ids, codes } = encoded;
  report.tensor('ids', ids);
  report.tensor('quantized', codes, layout('quantized', codes!));
  if (test.expects('decoded')) report.tensor('decoded', await opened.decode(ids!), layout('decoded', codes!));
  return encoded;
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
  const opened = await runInference(test, report, quantizer, config);
  const trained = await runTraining(test, quantizer, config, drawsOf(test, input), (x, params) => ({
    ...trainFsq(x, params, config),
  }));
  report.equal('training ids', Array.from(trained['ids']!.data), Array.from(opened['ids']!.data));
  report.all(trained, { layout });
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
  const { input, layout } = formOf(test);
  const { ids } = await runInference(test, report, quantizer, config);
  const trained = await runTraining(test, quantizer, config, drawsOf(test, input), (x, params) => ({
    ...trainResidualFsq(x, params, config),
  }));
  report.equal('training ids', Array.from(trained['ids']!.data), Array.from(ids!.data));
  report.all(trained, { layout });
  if (!test.expects('all_codes')) return;
  const all = await test.evaluate((given) => ({ all: residualFsqCodes(given['ids']!, {}, config) }), { ids: ids! });
  report.tensor('all_codes', all['all']);
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
      await runInference(test, report, grouped, grouped.parseConfig(args));
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
