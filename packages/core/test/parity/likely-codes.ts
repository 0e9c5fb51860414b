import type { Tensors } from '../../src/engine/engine';
import { gumbelQuantizer, sampleGumbelIds } from '../../src/quantize/gumbel';
import { ibq } from '../../src/quantize/ibq';
import type { Json } from '../../src/signal/signal';
import type { ParityRunner } from '../../src/test/parity/parity-case';
import { trainGumbel } from '../../src/train/quantize/gumbel';
import { trainIbq } from '../../src/train/quantize/ibq';
import { mapLayout, reportIds, vectorsOf } from './image-maps';
import { openQuantizer } from './open-quantizer';
import { runTraining } from './run-training';

/** Index backpropagation quantization. */
export const runIbq: ParityRunner = async (test, report) => {
  const { args } = test.config as { readonly args: Json };
  const config = ibq.parseConfig(args);
  const quantizer = await openQuantizer(test, ibq, config);
  const inputs = { x: vectorsOf(test, 'x'), ...(test.inputs.includes('ct') ? { ct: vectorsOf(test, 'ct') } : {}) };
  const { ids, codes } = await quantizer.encode(inputs.x);
  reportIds(test, report, 'ids', ids);
  report.tensor('quantized', codes, mapLayout('codes', codes!));
  const decoded = await quantizer.decode(ids!);
  report.tensor('decoded', decoded, mapLayout('decoded', decoded));
  const trained = await runTraining(test, ibq, config, inputs, (x, params) => {
    const { entropy, quantLoss, ...result } = trainIbq(x, params, config);
    const entropies: Tensors = entropy
      ? { sample_entropy: entropy.sampleEntropy, avg_entropy: entropy.batchEntropy, entropy_loss: entropy.loss }
      : {};
    return { ...result, quant_loss: quantLoss, ...entropies };
  });
  reportIds(test, report, 'ids', trained['ids']);
  report.tensor('quantized', trained['quantized'], mapLayout('quantized', trained['quantized']!));
  report.all(trained, { layout: mapLayout });
};

interface GumbelCaseConfig {
  readonly args: Readonly<Record<string, Json>>;
  readonly temp?: number;
  readonly train?: boolean;
  readonly remap_used?: Json;
  readonly unknown_index?: Json;
}

/** Gumbel quantization of taming, whose evaluation draws as well, and gives one code in any case. */
export const runGumbel: ParityRunner = async (test, report) => {
  const {
    args,
    temp,
    train = false,
    remap_used = null,
    unknown_index = null,
  } = test.config as unknown as GumbelCaseConfig;
  const parsed = gumbelQuantizer.parseConfig({ ...args, remap_used, unknown_index });
  const config = train ? parsed : { ...parsed, straightThrough: true };
  const quantizer = await openQuantizer(test, gumbelQuantizer, config);
  const inputs = {
    x: vectorsOf(test, 'x'),
    noise: vectorsOf(test, 'gumbel'),
    ...(test.inputs.includes('ct') ? { ct: vectorsOf(test, 'ct') } : {}),
  };
  const encoded = await quantizer.encode(inputs.x);
  report.tensor('argmax_ids', encoded['ids']);
  const trained = await runTraining(test, gumbelQuantizer, config, inputs, (x, params, { noise }) => ({
    ...trainGumbel(x, params, config, { noise: noise!, ...(temp === undefined ? {} : { temperature: temp }) }),
    sampled: sampleGumbelIds(x, params, config, noise!),
  }));
  report.tensor('ids', trained['sampled']);
  if (config.straightThrough) {
    report.tensor('quantized', await quantizer.decode(trained['sampled']!), 'nhwc-nchw');
  }
  report.tensor('ids', trained['ids']);
  report.tensor('quantized', trained['quantized'], 'nhwc-nchw');
  report.all({ ...trained, ...encoded }, { layout: mapLayout });
};
