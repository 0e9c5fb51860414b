import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import type { HostTensor, HostTensors, Tensors } from '../../src/engine/engine';
import type { ParityCase, ParityReport } from '../../src/test/parity/parity-case';
import { channelsFirst, channelsLast, withZeroGradients } from './run-training';

/** What one step gives. */
export interface CodebookStep {
  readonly quantized: tf.Tensor;
  readonly ids: tf.Tensor;
  readonly loss?: tf.Tensor;
  /** Buffers after the step by official key; those that do not change may be left out. */
  readonly after: Tensors;
  /** Other outputs of the case, by name. */
  readonly others?: Tensors;
}

export interface StepFacts {
  readonly training: boolean;
  readonly step: number;
}

export interface StepsOptions {
  /** Official keys of the state: parameters and buffers, read from the weights before the first step. */
  readonly keys: readonly string[];
  /** Keys that are only reported; the value is what `after` gives, or this. */
  readonly reported?: HostTensors;
  /** The case has channels on axis 1. */
  readonly isMap: boolean;
  /** Draws of a step as the forward function takes them. */
  readonly prepareDraws?: (draws: HostTensors, facts: StepFacts) => HostTensors;
  readonly forward: (x: tf.Tensor, state: Tensors, draws: Tensors, facts: StepFacts) => CodebookStep;
}

/** Runs the steps of a training case, each from the buffers of the one before, and compares everything. */
export async function runCodebookSteps(test: ParityCase, report: ParityReport, options: StepsOptions): Promise<void> {
  const { keys, reported = {}, isMap } = options;
  const { steps: count = 1, modes } = test.config as { readonly steps?: number; readonly modes?: readonly string[] };
  const isNumbered = test.inputs.includes('x1');
  let state: HostTensors = Object.fromEntries(
    await Promise.all(keys.map(async (key) => [key, await test.weight(key)] as const)),
  );
  for (let step = 1; step <= count; step += 1) {
    const facts: StepFacts = { step, training: modes?.[step - 1] !== 'eval' };
    const suffix = isNumbered ? `.step${step}` : '';
    const afterPrefix = isNumbered ? `after.step${step}.` : 'after.';
    const x = isMap ? channelsLast(test, isNumbered ? `x${step}` : 'x') : test.input(isNumbered ? `x${step}` : 'x');
    const draws = drawsOf(test, suffix, step);
    const results = await runStep(test, options, facts, {
      x,
      state,
      suffix,
      draws: options.prepareDraws?.(draws, facts) ?? draws,
    });
    for (const [name, tensor] of Object.entries(results)) {
      if (name.startsWith('after:') || !test.expects(name + suffix)) continue;
      const isMapped = isMap && (name === 'quantized' || name.startsWith('grad_x_'));
      report.tensor(name + suffix, tensor, isMapped ? channelsFirst(tensor) : 'as-is');
    }
    const after = Object.fromEntries(
      Object.entries(results).flatMap(([name, tensor]) => (name.startsWith('after:') ? [[name.slice(6), tensor]] : [])),
    );
    state = { ...state, ...after };
    for (const [key, tensor] of Object.entries({ ...reported, ...state })) {
      if (test.expects(afterPrefix + key)) report.tensor(afterPrefix + key, tensor);
    }
  }
}

/** Inputs besides vectors and cotangents: those of this step, and in the first one those without a step. */
function drawsOf(test: ParityCase, suffix: string, step: number): HostTensors {
  const names = test.inputs.filter((name) => !/^(x\d*|ct)$/.test(name));
  const own = names.filter((name) => (/\.step\d+$/.test(name) ? name.endsWith(suffix) : step === 1));
  return Object.fromEntries(own.map((name) => [name.replace(/\.step\d+$/, ''), test.input(name)]));
}

interface StepInputs {
  readonly x: HostTensor;
  readonly state: HostTensors;
  readonly draws: HostTensors;
  readonly suffix: string;
}

async function runStep(
  test: ParityCase,
  { forward, isMap }: StepsOptions,
  facts: StepFacts,
  { x, state, draws, suffix }: StepInputs,
): Promise<HostTensors> {
  const expects = (name: string) => test.expects(name + suffix);
  const gradients = test.expectations.some(({ name }) => name.startsWith('grad_'));
  const stateKeys = Object.keys(state);
  const drawKeys = Object.keys(draws);

  const run = (given: Tensors): Tensors => {
    const drawn = pick(given, 'draw:', drawKeys);
    const current = pick(given, 'state:', stateKeys);
    const compute = (vectors: tf.Tensor, buffers: Tensors) => forward(vectors, buffers, drawn, facts);
    const { quantized, ids, loss, after, others } = compute(given['x']!, current);
    const all: Record<string, tf.Tensor> = { quantized, ids, ...(loss && { loss }), ...others };
    for (const [key, tensor] of Object.entries(after)) all[`after:${key}`] = tf.clone(tensor);
    const differentiate = (scalar: (step: CodebookStep) => tf.Tensor, ofX: string, prefix: string) => {
      const wanted = stateKeys.filter((key) => expects(prefix + key));
      if (!expects(ofX) && wanted.length === 0) return;
      const found = tf.grads((vectors: tf.Tensor, ...moved: tf.Tensor[]) => {
        const named = Object.fromEntries(wanted.map((key, i) => [key, moved[i]!]));
        return withZeroGradients(scalar(compute(vectors, { ...current, ...named })), [vectors, ...moved]);
      })([given['x']!, ...wanted.map((key) => current[key]!)]);
      if (expects(ofX)) all[ofX] = found[0]!;
      wanted.forEach((key, i) => (all[prefix + key] = found[i + 1]!));
    };
    if (gradients) {
      differentiate(
        (result) => tf.sum(tf.mul(result.quantized, given['ct']!)),
        'grad_x_of_ct_dot_quantized',
        'grad_ct.',
      );
      differentiate((result) => tf.sum(result.loss!), 'grad_x_of_loss', 'grad_loss.');
    }
    return all;
  };
  const inputs: HostTensors = {
    x,
    ...(gradients && { ct: isMap ? channelsLast(test, 'ct') : test.input('ct') }),
    ...Object.fromEntries(drawKeys.map((key) => [`draw:${key}`, draws[key]!])),
    ...Object.fromEntries(stateKeys.map((key) => [`state:${key}`, state[key]!])),
  };
  return test.evaluate(run, inputs, { gradients });
}

function pick(given: Tensors, prefix: string, keys: readonly string[]): Tensors {
  return Object.fromEntries(keys.map((key) => [key, given[prefix + key]!]));
}
