import * as tf from '@tensorflow/tfjs-core';
import { lookup } from '../../src/quantize/nearest';
import { residualSimVq } from '../../src/quantize/residual-sim-vq';
import { simVq } from '../../src/quantize/sim-vq';
import type { Json } from '../../src/signal/signal';
import type { ParityCase, ParityReport, ParityRunner } from '../../src/test/parity/parity-case';
import { trainResidualSimVq } from '../../src/train/quantize/residual-sim-vq';
import { trainSimVq } from '../../src/train/quantize/sim-vq';
import { mapLayout, reportIds, vectorsOf } from './image-maps';
import { openQuantizer } from './open-quantizer';
import { runTraining } from './run-training';

interface SimVqCaseConfig {
  readonly class: string;
  readonly args: Json;
}

/** SimVQ, official and lucidrains'. */
export const runSimVq: ParityRunner = async (test, report) => {
  const { class: name, args } = test.config as unknown as SimVqCaseConfig;
  await (name === 'ResidualSimVQ' ? runResidual(test, report, args) : runSingle(test, report, args));
};

async function runSingle(test: ParityCase, report: ParityReport, args: Json): Promise<void> {
  const config = simVq.parseConfig(args);
  const quantizer = await openQuantizer(test, simVq, config);
  const inputs = inputsOf(test);
  const encoded = await quantizer.encode(inputs.x);
  reportIds(test, report, 'ids', encoded['ids']);
  report.tensor('quantized', encoded['codes'], mapLayout('codes', encoded['codes']!));
  const decoded = await quantizer.decode(encoded['ids']!);
  if (test.expects('decoded')) report.tensor('decoded', decoded, mapLayout('decoded', decoded));
  if (test.expects('decoded_projected')) {
    report.tensor('decoded_projected', { shape: test.expected('decoded_projected').shape, data: decoded.data });
    await reportUnprojected(test, report, encoded['ids']!);
  }
  const trained = await runTraining(test, simVq, config, inputs, (x, params) => ({
    ...trainSimVq(x, params, config),
  }));
  report.tensor('quantized', trained['quantized'], mapLayout('quantized', trained['quantized']!));
  report.all({ ...trained, ...encoded }, { layout: mapLayout });
}

/** Rows of the frozen table, which the official lookup gives. */
async function reportUnprojected(
  test: ParityCase,
  report: ParityReport,
  ids: { readonly shape: readonly number[]; readonly data: Float32Array | Int32Array },
): Promise<void> {
  const rows = await test.evaluate(
    ({ table, ids: places }) => ({ rows: lookup(table as tf.Tensor2D, tf.reshape(places!, [-1])) }),
    { table: await test.weight('embedding.weight'), ids },
  );
  report.tensor('decoded_unprojected_official', rows['rows']);
}

async function runResidual(test: ParityCase, report: ParityReport, args: Json): Promise<void> {
  const config = residualSimVq.parseConfig(args);
  const quantizer = await openQuantizer(test, residualSimVq, config);
  const inputs = inputsOf(test);
  const { ids, codes } = await quantizer.encode(inputs.x);
  report.tensor('ids', ids);
  report.tensor('quantized', codes);
  report.tensor('decoded', await quantizer.decode(ids!));
  const trained = await runTraining(test, residualSimVq, config, inputs, (x, params) => ({
    ...trainResidualSimVq(x, params, config),
  }));
  report.tensor('quantized', trained['quantized']);
  report.tensor('ids', trained['ids']);
  report.all(trained);
}

function inputsOf(test: ParityCase) {
  return { x: vectorsOf(test, 'x'), ...(test.inputs.includes('ct') ? { ct: vectorsOf(test, 'ct') } : {}) };
}
