import type * as tf from '@tensorflow/tfjs-core';
import type { HostTensor } from '../../src/engine/engine';
import { dualQuantizer } from '../../src/quantize/dual';
import { dualMultiScaleQuantizer } from '../../src/quantize/dual-multi-scale';
import { memcodes } from '../../src/quantize/memcodes';
import { randomProjectionQuantizer } from '../../src/quantize/random-projection';
import type { Json } from '../../src/signal/signal';
import type { ParityCase, ParityReport, ParityRunner } from '../../src/test/parity/parity-case';
import { trainDual } from '../../src/train/quantize/dual';
import { trainDualMultiScale } from '../../src/train/quantize/dual-multi-scale';
import type { VectorTraining } from '../../src/train/quantize/vector-quantizer';
import { mapLayout, reportIds, vectorsOf } from './image-maps';
import { openQuantizer } from './open-quantizer';
import { runTraining, type TrainingResults } from './run-training';

interface TablesCaseConfig {
  readonly args: Readonly<Record<string, Json>>;
  readonly scales?: readonly number[];
}

/** TokenFlow's pair of codebooks, at one scale and at several. */
export const runDual: ParityRunner = async (test, report) => {
  const { args, scales } = test.config as unknown as TablesCaseConfig;
  await (scales ? runDualScales(test, report, { ...args, scales: [...scales] }) : runDualOnce(test, report, args));
};

async function runDualOnce(test: ParityCase, report: ParityReport, args: Json): Promise<void> {
  const config = dualQuantizer.parseConfig(args);
  const quantizer = await openQuantizer(test, dualQuantizer, config);
  const inputs = inputsOf(test);
  const { ids, codes } = await quantizer.encode(inputs.x);
  reportIds(test, report, 'ids', ids);
  report.tensor('quantized', codes, mapLayout('codes', codes!));
  report.tensor('decoded', await quantizer.decode(ids!), 'nhwc-nchw');
  const trained = await runTraining(test, dualQuantizer, config, inputs, (x, params) =>
    namedLosses(trainDual(x, params, config)),
  );
  reportIds(test, report, 'ids', trained['ids']);
  report.tensor('quantized', trained['quantized'], 'nhwc-nchw');
  report.all(trained, { layout: mapLayout });
}

async function runDualScales(test: ParityCase, report: ParityReport, args: Json): Promise<void> {
  const config = dualMultiScaleQuantizer.parseConfig(args);
  const quantizer = await openQuantizer(test, dualMultiScaleQuantizer, config);
  const inputs = inputsOf(test);
  const { ids, codes } = await quantizer.encode(inputs.x);
  report.tensor('ids', ids);
  report.tensor('quantized', codes, 'nhwc-nchw');
  let length = 0;
  for (const [scale, [height, width]] of config.scales.entries()) {
    length += height * width;
    report.tensor(`decoded_prefix.scale${scale}`, await quantizer.decode(firstColumns(ids!, length)), 'nhwc-nchw');
  }
  const trained = await runTraining(test, dualMultiScaleQuantizer, config, inputs, (x, params) =>
    namedLosses(trainDualMultiScale(x as tf.Tensor4D, params, config)),
  );
  report.tensor('ids', trained['ids']);
  report.tensor('quantized', trained['quantized'], 'nhwc-nchw');
  report.all(trained, { layout: mapLayout });
}

function namedLosses({ codebookLoss, commitmentLoss, entropyLoss, ...result }: VectorTraining): TrainingResults {
  return { ...result, codebook_loss: codebookLoss, commit_loss: commitmentLoss, entropy_loss: entropyLoss };
}

function firstColumns({ shape, data }: HostTensor, length: number): HostTensor {
  const [rows, columns] = shape as [number, number];
  const parts = Array.from({ length: rows }, (_, row) => [...data.subarray(row * columns, row * columns + length)]);
  return { shape: [rows, length], data: Int32Array.from(parts.flat()) };
}

function inputsOf(test: ParityCase) {
  return { x: vectorsOf(test, 'x'), ...(test.inputs.includes('ct') ? { ct: vectorsOf(test, 'ct') } : {}) };
}

/** Memcodes of 4M, in evaluation. */
export const runMemcodes: ParityRunner = async (test, report) => {
  const { args } = test.config as unknown as TablesCaseConfig;
  const config = memcodes.parseConfig(args);
  const quantizer = await openQuantizer(test, memcodes, config);
  const encoded = await quantizer.encode(vectorsOf(test, 'x'));
  const { ids, codes } = encoded;
  // Heads are the last axis here, the second one there.
  report.tensor('ids', ids, ids!.shape.length === 4 ? 'nhwc-nchw' : 'as-is');
  report.tensor('quantized', codes, 'nhwc-nchw');
  const decoded = await quantizer.decode(ids!);
  if (test.expects('decoded')) report.tensor('decoded', decoded, 'nhwc-nchw');
  report.tensor('quantized', decoded, 'nhwc-nchw');
  report.all(encoded);
};

/** Random projections of BEST-RQ. */
export const runRandomProjection: ParityRunner = async (test, report) => {
  const { args } = test.config as unknown as TablesCaseConfig;
  const config = randomProjectionQuantizer.parseConfig(args);
  const quantizer = await openQuantizer(test, randomProjectionQuantizer, config);
  const { ids } = await quantizer.encode(test.input('x'));
  report.tensor('ids', ids);
};
