import * as tf from '@tensorflow/tfjs-core';
import type { HostTensor } from '../../src/engine/engine';
import { dualQuantizer } from '../../src/quantize/dual';
import { dualMultiScaleQuantizer } from '../../src/quantize/dual-multi-scale';
import { memcodes } from '../../src/quantize/memcodes';
import { randomProjectionQuantizer } from '../../src/quantize/random-projection';
import type { Json } from '../../src/signal/signal';
import type { ParityCase, ParityReport, ParityRunner } from '../../src/test/parity/parity-case';
import { trainDual } from '../../src/train/quantize/dual';
import { trainDualMultiScale } from '../../src/train/quantize/dual-multi-scale';
import { trainMemcodes } from '../../src/train/quantize/memcodes';
import type { VectorTraining } from '../../src/train/quantize/vector-quantizer';
import { mapLayout, reportIds, usageAfter, vectorsOf } from './image-maps';
import { openQuantizer } from './open-quantizer';
import { channelsFirst, channelsLast, runTraining, type TrainingResults } from './run-training';

interface TablesCaseConfig {
  readonly args: Readonly<Record<string, Json>>;
  readonly train?: boolean;
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
  const usage = await usageAfter(test, ids!, config.codes, 'quantize.codebook_used');
  report.all({ ...trained, ...usage }, { layout: mapLayout });
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

/** Memcodes of 4M; training with the Gumbel noise of the case. */
export const runMemcodes: ParityRunner = async (test, report) => {
  const { args, train = false } = test.config as unknown as TablesCaseConfig;
  const config = memcodes.parseConfig(args);
  const quantizer = await openQuantizer(test, memcodes, config);
  // Sequences have their channels last only where the module is told so.
  const isLast = test.input('x').shape.length === 3 && args['channel_last'] === true;
  const read = (name: string) => (isLast ? test.input(name) : channelsLast(test, name));
  const layout = (tensor: HostTensor) => (isLast ? 'as-is' : channelsFirst(tensor));
  const inputs = { x: read('x'), ...(test.inputs.includes('ct') ? { ct: read('ct') } : {}) };
  const encoded = await quantizer.encode(inputs.x);
  let { ids, codes } = encoded;
  if (train) {
    const gumbel = test.input('gumbel');
    const trained = await runTraining(
      test,
      memcodes,
      config,
      { ...inputs, gumbel },
      (x, params, { gumbel: drawn }) => ({
        ...trainMemcodes(x, params, config, { noise: tf.transpose(drawn!, [0, 2, 1, 3]) }),
      }),
    );
    ({ ids, quantized: codes } = trained);
    report.all(trained, { layout: (name, tensor) => (name.startsWith('grad_x') ? layout(tensor) : 'as-is') });
  }
  // Heads are the last axis here, the second one there.
  report.tensor('ids', ids, config.heads === 1 ? 'as-is' : channelsFirst(ids!));
  report.tensor('quantized', codes, layout(codes!));
  const decoded = await quantizer.decode(ids!);
  if (test.expects('decoded')) report.tensor('decoded', decoded, layout(decoded));
  report.tensor('quantized', decoded, layout(decoded));
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
