import * as tf from '@tensorflow/tfjs-core';
import type { HostTensor } from '../../src/engine/engine';
import { lookup } from '../../src/quantize/nearest';
import { residualSimVq } from '../../src/quantize/residual-sim-vq';
import { simVq } from '../../src/quantize/sim-vq';
import type { Json } from '../../src/signal/signal';
import type { Layout } from '../../src/test/parity/layout';
import type { ParityCase, ParityReport, ParityRunner } from '../../src/test/parity/parity-case';
import { drawKeptLayers } from '../../src/train/quantize/residual-dropout';
import { trainResidualSimVq } from '../../src/train/quantize/residual-sim-vq';
import { trainSimVq } from '../../src/train/quantize/sim-vq';
import { reportIds } from './image-maps';
import { openQuantizer } from './open-quantizer';
import { channelsFirst, channelsLast, runTraining } from './run-training';

interface SimVqCaseConfig {
  readonly impl: string;
  readonly class: string;
  readonly args: Readonly<Record<string, Json>>;
  readonly train?: boolean;
  readonly remap_used?: Json;
  readonly unknown_index?: Json;
  readonly fixed_dropout_seed?: number;
}

const configOf = (test: ParityCase) => test.config as unknown as SimVqCaseConfig;

/** The official code takes maps with channels first, lucidrains' anything with channels where it is told. */
function isChannelsFirst(test: ParityCase): boolean {
  const { impl, args } = configOf(test);
  return impl === 'simvq' || args['channel_first'] === true;
}

function inputsOf(test: ParityCase) {
  const read = (name: string) => (isChannelsFirst(test) ? channelsLast(test, name) : test.input(name));
  return { x: read('x'), ...(test.inputs.includes('ct') ? { ct: read('ct') } : {}) };
}

/** SimVQ, official and lucidrains'. */
export const runSimVq: ParityRunner = async (test, report) => {
  const layout = (name: string, tensor: HostTensor): Layout =>
    isChannelsFirst(test) && !/^grad_(loss|ct)\./.test(name) ? channelsFirst(tensor) : 'as-is';
  await (configOf(test).class === 'ResidualSimVQ' ? runResidual : runSingle)(test, report, layout);
};

type LayoutOf = (name: string, tensor: HostTensor) => Layout;

async function runSingle(test: ParityCase, report: ParityReport, layout: LayoutOf): Promise<void> {
  const { args, remap_used = null, unknown_index = null } = configOf(test);
  const config = simVq.parseConfig({ ...args, ...(remap_used ? { remap_used, unknown_index } : {}) });
  const quantizer = await openQuantizer(test, simVq, config);
  const inputs = inputsOf(test);
  const encoded = await quantizer.encode(inputs.x);
  reportIds(test, report, 'ids', encoded['ids']);
  report.tensor('quantized', encoded['codes'], layout('codes', encoded['codes']!));
  const decoded = await quantizer.decode(encoded['ids']!);
  if (test.expects('decoded')) report.tensor('decoded', decoded, layout('decoded', decoded));
  if (test.expects('decoded_projected')) {
    report.tensor('decoded_projected', { shape: test.expected('decoded_projected').shape, data: decoded.data });
  }
  if (test.expects('decoded_unprojected_official')) {
    const results = await test.evaluate(
      ({ table, ids }) => ({ rows: lookup(table as tf.Tensor2D, tf.reshape(ids!, [-1])) }),
      { table: await test.weight('embedding.weight'), ids: encoded['ids']! },
    );
    report.tensor('decoded_unprojected_official', results['rows']);
  }
  const trained = await runTraining(test, simVq, config, inputs, (x, params) => ({
    ...trainSimVq(x, params, config),
  }));
  reportIds(test, report, 'ids', trained['ids']);
  report.tensor('quantized', trained['quantized'], layout('quantized', trained['quantized']!));
  report.all({ ...trained, ...encoded }, { layout });
}

async function runResidual(test: ParityCase, report: ParityReport, layout: LayoutOf): Promise<void> {
  const { args, train = false, fixed_dropout_seed: seed } = configOf(test);
  const config = residualSimVq.parseConfig(args);
  const quantizer = await openQuantizer(test, residualSimVq, config);
  const inputs = inputsOf(test);
  const drops = train && config.dropsLayers && seed !== undefined;
  const draws = drops ? { keptLayers: drawKeptLayers(seed, config, config.layers.length) } : {};
  if (!drops) {
    const { ids, codes } = await quantizer.encode(inputs.x);
    report.tensor('ids', ids);
    report.tensor('quantized', codes, layout('codes', codes!));
  }
  const trained = await runTraining(test, residualSimVq, config, inputs, (x, params) => ({
    ...trainResidualSimVq(x, params, config, draws),
  }));
  const { ids, quantized } = trained;
  report.tensor('ids', ids);
  report.tensor('quantized', quantized, layout('quantized', quantized!));
  if (test.expects('decoded')) {
    const decoded = await quantizer.decode(ids!);
    report.tensor('decoded', decoded, layout('decoded', decoded));
  }
  report.all(trained, { layout });
}
