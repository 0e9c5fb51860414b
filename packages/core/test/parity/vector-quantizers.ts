import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, HostTensors, Tensors } from '../../src/engine/engine';
import { vectorQuantizer, type VectorQuantizerConfig } from '../../src/quantize/vector-quantizer';
import type { Json } from '../../src/signal/signal';
import type { ParityCase, ParityRunner } from '../../src/test/parity/parity-case';
import { codePerplexity, updateUsageRing, usageOf } from '../../src/train/quantize/usage-ring';
import { trainVectors, type VectorTraining } from '../../src/train/quantize/vector-quantizer';
import { mapLayout, reportIds, usageAfter, vectorsOf } from './image-maps';
import { openQuantizer } from './open-quantizer';

interface VectorCaseConfig {
  readonly impl: string;
  readonly args: Readonly<Record<string, Json>>;
  readonly train?: boolean;
  readonly remap_used?: readonly number[];
  readonly unknown_index?: Json;
  readonly steps?: number;
}

function configOf(test: ParityCase): VectorQuantizerConfig {
  const { impl, args, remap_used, unknown_index } = test.config as unknown as VectorCaseConfig;
  return vectorQuantizer.parseConfig({
    ...args,
    impl,
    ...(remap_used ? { remap_used, unknown_index } : {}),
  } as Json);
}

/** Plain vector quantizers of taming, LlamaGen and LaVIT. */
export const runVectorQuantizer: ParityRunner = async (test, report) => {
  const config = configOf(test);
  const quantizer = await openQuantizer(test, vectorQuantizer, config);
  const x = vectorsOf(test, 'x');
  const { ids, codes } = await quantizer.encode(x);
  reportIds(test, report, 'ids', ids);
  if (test.expects('decoded')) report.tensor('decoded', await quantizer.decode(ids!), mapLayout('codes', codes!));
  if (test.expects('ids_v1')) reportIds(test, report, 'ids_v1', ids);
  const training = await trainCase(test, config, x);
  report.tensor('quantized', codes, mapLayout('codes', codes!));
  report.tensor('quantized', training['quantized'], mapLayout('codes', codes!));
  report.all({ ...training, ...(await usageAfter(test, ids!, config.codes)) }, { layout: mapLayout });
};

async function trainCase(test: ParityCase, config: VectorQuantizerConfig, x: HostTensor): Promise<HostTensors> {
  const codebook = await test.weight('embedding.weight');
  const gradients = test.expects('grad_x_of_loss');
  const inputs = { x, codebook, ...(gradients ? { ct: vectorsOf(test, 'ct') } : {}) };
  const forward = (z: tf.Tensor, table: tf.Tensor) => trainVectors(z, table as tf.Tensor2D, config);
  const run = (given: Tensors): Tensors => {
    const result = forward(given['x']!, given['codebook']!);
    return {
      ...lossesOf(result),
      perplexity: codePerplexity(result.ids, config.codes),
      ...(gradients ? gradientsOf(given, forward) : {}),
    };
  };
  return test.evaluate(run, inputs, { gradients });
}

function lossesOf(result: VectorTraining): Tensors {
  const { quantized, loss, codebookLoss, commitmentLoss, entropyLoss } = result;
  return {
    quantized,
    loss,
    // The older class of the same file computes the same.
    loss_v1: loss,
    codebook_loss: codebookLoss,
    commit_loss: commitmentLoss,
    entropy_loss: entropyLoss,
  };
}

function gradientsOf(given: Tensors, forward: (z: tf.Tensor, table: tf.Tensor) => VectorTraining): Tensors {
  const [x, codebook, ct] = [given['x']!, given['codebook']!, given['ct']!];
  const [ofLoss, codebookOfLoss] = tf.grads((z, table) => forward(z!, table!).loss)([x, codebook]);
  const ofQuantized = tf.grad((z: tf.Tensor) => tf.sum(tf.mul(forward(z, codebook).quantized, ct)))(x);
  return {
    grad_x_of_loss: ofLoss!,
    'grad_loss.embedding.weight': codebookOfLoss!,
    grad_x_of_ct_dot_quantized: ofQuantized,
  };
}

/** Windowed usage of LlamaGen over several batches. */
export const runUsageRing: ParityRunner = async (test, report) => {
  const { steps = 1 } = test.config as unknown as VectorCaseConfig;
  const config = configOf(test);
  const quantizer = await openQuantizer(test, vectorQuantizer, config);
  let ring = await test.weight('codebook_used');
  ring = { shape: ring.shape, data: Int32Array.from(ring.data) };
  for (let step = 1; step <= steps; step += 1) {
    const x = vectorsOf(test, `x${step}`);
    const { ids } = await quantizer.encode(x);
    const codebook = await test.weight('embedding.weight');
    const results = await test.evaluate(
      (given) => {
        const trained = trainVectors(given['x']!, given['codebook'] as tf.Tensor2D, config);
        const updated = updateUsageRing(given['ring'] as tf.Tensor1D, trained.ids);
        const counted = usageOf(updated, config.codes);
        return { ...lossesOf(trained), ring: updated, usage: counted };
      },
      { x, codebook, ring },
    );
    ring = results['ring']!;
    reportIds(test, report, `ids.step${step}`, ids);
    report.tensor(`decoded.step${step}`, await quantizer.decode(ids!), 'nhwc-nchw');
    for (const name of ['quantized', 'codebook_loss', 'commit_loss', 'entropy_loss', 'usage', 'ring']) {
      report.tensor(`${name}.step${step}`, results[name], mapLayout(name, results[name]!));
    }
  }
};
