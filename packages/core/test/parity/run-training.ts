import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, HostTensors, Tensors } from '../../src/engine/engine';
import type { Quantizer } from '../../src/quantize/quantizer';
import type { Layout } from '../../src/test/parity/layout';
import type { ParityCase } from '../../src/test/parity/parity-case';
import { officialParams, weightKeys } from './official-params';

/** What a training form gives; `loss` where it has one. */
export type TrainingResults = Tensors & { readonly quantized: tf.Tensor; readonly loss?: tf.Tensor };

const toLast: Readonly<Record<number, Layout>> = { 3: 'ncl-nlc', 4: 'nchw-nhwc', 5: 'ncthw-nthwc' };
const toFirst: Readonly<Record<number, Layout>> = { 3: 'nlc-ncl', 4: 'nhwc-nchw', 5: 'nthwc-ncthw' };

/** An input whose channels are axis 1, channels last. */
export function channelsLast(test: ParityCase, name: string): HostTensor {
  return test.input(name, toLast[test.input(name).shape.length] ?? 'as-is');
}

/** How a result with its channels last becomes official where those are axis 1. */
export function channelsFirst({ shape }: HostTensor): Layout {
  return toFirst[shape.length] ?? 'as-is';
}

/** The same value; variables that have no part in it get a gradient of zeros, as in PyTorch, instead of an error. */
export function withZeroGradients(value: tf.Tensor, variables: readonly tf.Tensor[]): tf.Tensor {
  return variables.reduce((sum, variable) => tf.add(sum, tf.mul(tf.sum(variable), 0)), value);
}

/**
 * Runs a training form with the weights of the case, and all gradients that the case holds: of `sum(ct · quantized)` as
 * `grad_x_of_ct_dot_quantized` and `grad_ct.<key>`, of the loss as `grad_x_of_loss` and `grad_loss.<key>`.
 *
 * @param inputs - `x`, `ct` where there are gradients, and draws.
 */
export async function runTraining<Config, Params>(
  test: ParityCase,
  { weights }: Quantizer<Config, Params>,
  config: Config,
  inputs: HostTensors,
  forward: (x: tf.Tensor, params: Params, inputs: Tensors) => TrainingResults,
): Promise<HostTensors> {
  const declared = (map: Parameters<typeof weights>[0]) => weights(map, config);
  const keys = weightKeys(declared);
  const stored = await Promise.all(keys.map(async (key) => [`weight:${key}`, await test.weight(key)] as const));
  const gradients = test.expectations.some(({ name }) => name.startsWith('grad_'));

  const run = (given: Tensors): Tensors => {
    const compute = (x: tf.Tensor, official: readonly tf.Tensor[]) => {
      const byKey = Object.fromEntries(keys.map((key, index) => [key, official[index]!]));
      return forward(x, officialParams(declared, byKey), given);
    };
    const x = given['x']!;
    const official = keys.map((key) => given[`weight:${key}`]!);
    const results = compute(x, official);
    const all: Record<string, tf.Tensor> = { ...results };
    const differentiate = (scalar: (results: TrainingResults) => tf.Tensor, ofX: string, prefix: string) => {
      const wanted = [...keys.keys()].filter((index) => test.expects(`${prefix}${keys[index]}`));
      const withX = test.expects(ofX);
      if (!withX && wanted.length === 0) return;
      const found = tf.grads((...variables: tf.Tensor[]) => {
        const weightsNow = official.map((tensor, index) => {
          const place = wanted.indexOf(index);
          return place < 0 ? tensor : variables[place + Number(withX)]!;
        });
        return withZeroGradients(scalar(compute(withX ? variables[0]! : x, weightsNow)), variables);
      })([...(withX ? [x] : []), ...wanted.map((index) => official[index]!)]);
      if (withX) all[ofX] = found[0]!;
      wanted.forEach((index, place) => (all[`${prefix}${keys[index]}`] = found[place + Number(withX)]!));
    };
    if (gradients) {
      differentiate(
        ({ quantized }) => tf.sum(tf.mul(quantized, given['ct']!)),
        'grad_x_of_ct_dot_quantized',
        'grad_ct.',
      );
      differentiate(({ loss }) => tf.sum(loss!), 'grad_x_of_loss', 'grad_loss.');
    }
    return all;
  };
  return test.evaluate(run, { ...inputs, ...Object.fromEntries(stored) }, { gradients });
}
