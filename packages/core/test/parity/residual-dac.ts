import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, HostTensors } from '../../src/engine/engine';
import {
  factorizedVectorQuantizer,
  quantizeLatents,
  residualFactorizedQuantizer,
} from '../../src/quantize/factorized-vector';
import type { Json } from '../../src/signal/signal';
import type { ParityCase, ParityReport, ParityRunner } from '../../src/test/parity/parity-case';
import { trainFactorizedVector, trainResidualFactorized } from '../../src/train/quantize/factorized-vector';
import { openQuantizer } from './open-quantizer';
import { channelsFirst, channelsLast, runTraining } from './run-training';

interface DacCase {
  readonly class: 'VectorQuantize' | 'ResidualVectorQuantize';
  readonly args: Readonly<Record<string, Json>>;
  readonly train?: boolean;
  readonly n_quantizers?: Json;
}

/** Results with vectors channels last; ids and gradients of weights are official already. */
function reportAll(report: ParityReport, results: HostTensors): void {
  report.all(results, {
    layout: (name, tensor) =>
      /^grad_(loss|ct)\./.test(name) || tensor.data instanceof Int32Array ? 'as-is' : channelsFirst(tensor),
  });
}

function sequences(test: ParityCase): HostTensors {
  const names = ['x', ...(test.inputs.includes('ct') ? ['ct'] : [])];
  return Object.fromEntries(names.map((name) => [name, channelsLast(test, name)]));
}

/** DAC: residual quantization with and without training, and one quantizer of it. */
export const runDac: ParityRunner = async (test, report) => {
  const facts = test.config as unknown as DacCase;
  if (facts.class === 'VectorQuantize') return runSingle(test, report, facts.args);
  const { n_quantizers = null } = facts;
  const config = residualFactorizedQuantizer.parseConfig({ ...facts.args, n_quantizers });
  const used = { ...config, layers: config.layers.slice(0, config.usedLayers) };
  if (!facts.train) await runEval(test, report, config);
  const draws: HostTensors = test.inputs.includes('n_layers') ? { keptLayers: test.input('n_layers') } : {};
  const inputs = { ...sequences(test), ...draws };
  const results = await runTraining(test, residualFactorizedQuantizer, config, inputs, (x, params, { keptLayers }) => {
    const layers = params.layers.slice(0, facts.train ? undefined : config.usedLayers);
    const trained = trainResidualFactorized(x, { layers }, config, keptLayers ? { keptLayers } : {});
    const { quantized, ids, projected, commitmentLoss, codebookLoss } = trained;
    const latents = quantizeLatents(projected, { layers }, used);
    return {
      quantized,
      ids,
      projected,
      commit_loss: commitmentLoss,
      codebook_loss: codebookLoss,
      loss: weightedLoss(commitmentLoss, codebookLoss),
      from_latents: latents.codes,
      from_latents_ids: latents.ids,
    };
  });
  reportAll(report, results);
};

/** As the official training configuration weighs them, summed over the items. */
function weightedLoss(commitment: tf.Tensor, codebook: tf.Tensor): tf.Tensor {
  return tf.add(tf.mul(tf.sum(commitment), 0.25), tf.sum(codebook));
}

async function runEval(
  test: ParityCase,
  report: ParityReport,
  config: ReturnType<typeof residualFactorizedQuantizer.parseConfig>,
): Promise<void> {
  const quantizer = await openQuantizer(test, residualFactorizedQuantizer, config);
  const { ids, codes, projected } = await quantizer.encode(channelsLast(test, 'x'));
  reportAll(report, { ids: ids!, quantized: codes!, projected: projected! });
  if (test.expects('decoded')) report.tensor('decoded', await quantizer.decode(ids!), 'nlc-ncl');
}

async function runSingle(test: ParityCase, report: ParityReport, args: Json): Promise<void> {
  const config = factorizedVectorQuantizer.parseConfig(args);
  const quantizer = await openQuantizer(test, factorizedVectorQuantizer, config);
  const encoded = await quantizer.encode(channelsLast(test, 'x'));
  const decoded = await quantizer.decode(encoded['ids']!);
  const results = await runTraining(test, factorizedVectorQuantizer, config, sequences(test), (x, params) => {
    const { commitmentLoss, codebookLoss, ...others } = trainFactorizedVector(x, params);
    return {
      ...others,
      commit_loss: commitmentLoss,
      codebook_loss: codebookLoss,
      loss: weightedLoss(commitmentLoss, codebookLoss),
    };
  });
  report.equal('ids of inference', data(encoded['ids']!), data(results['ids']!));
  report.equal('decoded codes', data(decoded), data(encoded['codes']!));
  reportAll(report, results);
}

function data(tensor: HostTensor): readonly number[] {
  return [...tensor.data];
}
