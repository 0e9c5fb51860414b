import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, HostTensor, HostTensors, Tensors } from '../engine/engine';
import { selectEngine } from '../engine/select-engine';
import { conv2d } from '../nn/conv2d';
import { mulberry32 } from '../random/mulberry32';
import { adamW } from './adam-w';
import { trainModel, type TrainingProgress } from './fit';
import { muon } from './muon';
import { partitionedOptimizer } from './optimizer';
import { roundStraightThrough } from './straight-through';
import { initialState, loadTrainingState, saveTrainingState, type TrainingState } from './training-state';
import { trainingStep } from './training-step';

const folder = mkdtempSync(join(tmpdir(), 'tesserae-train-'));
let compiled: Engine;
let cpu: Engine;
beforeAll(async () => {
  [compiled, cpu] = [await selectEngine('onnx'), await selectEngine('cpu')];
});
afterAll(async () => {
  await Promise.all([compiled.dispose(), cpu.dispose()]);
  rmSync(folder, { recursive: true, force: true });
});

const random = (seed: number, ...shape: number[]): HostTensor => {
  const values = mulberry32(seed).normal(shape.reduce((product, length) => product * length, 1));
  return { shape, data: values.map((value) => value * 0.3) };
};
const parameters = (): HostTensors => ({
  'encoder.kernel': random(1, 3, 3, 3, 8),
  'encoder.bias': random(2, 8),
  'decoder.kernel': random(3, 3, 3, 8, 3),
});
const optimizer = partitionedOptimizer([adamW({ weightDecay: 0.01 }), muon()], (name) =>
  name === 'decoder.kernel' ? 1 : 0,
);
const step = trainingStep({
  optimizer,
  clipNorm: 1,
  averageDecay: 0.9,
  losses(params: Tensors, { image }) {
    const kernel = (name: string) => params[`${name}.kernel`] as tf.Tensor4D;
    const z = conv2d(image as tf.Tensor4D, { kernel: kernel('encoder'), bias: params['encoder.bias'] as tf.Tensor1D });
    const codes = roundStraightThrough(tf.mul(tf.tanh(z), 2)) as tf.Tensor4D;
    const output = conv2d(codes, { kernel: kernel('decoder') });
    const loss = tf.mean(tf.squaredDifference(output, image!)) as tf.Scalar;
    return { loss, codes: tf.mean(tf.abs(codes)) as tf.Scalar };
  },
});
const batchOf = (index: number): HostTensors => ({ image: random(100 + (index % 5), 2, 8, 8, 3) });

async function train(engine: Engine, steps: number, start?: TrainingState): Promise<TrainingProgress[]> {
  const reports: TrainingProgress[] = [];
  const state = start ?? initialState(parameters(), optimizer, true);
  for await (const report of trainModel(step, batchOf, state, { engine, steps, rate: () => 5e-3 }))
    reports.push(report);
  return reports;
}

describe('trainModel', () => {
  it('takes the same step compiled and on cpu', async () => {
    const [a, b] = [(await train(compiled, 1))[0]!, (await train(cpu, 1))[0]!];
    expect(a.losses['loss']).toBeCloseTo(b.losses['loss']!, 5);
    expect(a.losses['gradient-norm']).toBeCloseTo(b.losses['gradient-norm']!, 4);
    expect(a.losses['codes']).toBeCloseTo(b.losses['codes']!, 5);
    for (const kind of ['params', 'optimizer', 'averages'] as const) {
      expect(Object.keys(a.state[kind]!)).toEqual(Object.keys(b.state[kind]!));
      for (const [name, { data }] of Object.entries(a.state[kind]!))
        data.forEach((value, index) => expect(value).toBeCloseTo(b.state[kind]![name]!.data[index]!, 4));
    }
  });

  it('leaves no tensors behind on cpu', async () => {
    await train(cpu, 1);
    const before = tf.memory().numTensors;
    await train(cpu, 2);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('lowers the loss over 30 updates', async () => {
    const losses = (await train(compiled, 30)).map((report) => report.losses['loss']!);
    expect(losses.at(-1)).toBeLessThan(losses[0]! * 0.8);
  });

  it('goes on from a file exactly as if it had not stopped', async () => {
    const whole = (await train(compiled, 8)).at(-1)!.state;
    const path = join(folder, 'state.safetensors');
    await saveTrainingState(path, (await train(compiled, 5)).at(-1)!.state, { seed: '0' });
    const resumed = await loadTrainingState(path);
    expect(resumed.step).toBe(5);
    const rest = await train(compiled, 8, resumed);
    expect(rest.map((report) => report.step)).toEqual([6, 7, 8]);
    expect(rest.at(-1)!.state).toEqual(whole);
  });

  it('stops at an abort and passes on its reason', async () => {
    const controller = new AbortController();
    const run = trainModel(step, batchOf, initialState(parameters(), optimizer, true), {
      engine: compiled,
      steps: 9,
      rate: () => 1e-3,
      signal: controller.signal,
    });
    await run.next();
    controller.abort(new Error('enough'));
    await expect(run.next()).rejects.toThrow('enough');
  });

  it('refuses a file that is no training state', async () => {
    const path = join(folder, 'other.safetensors');
    const { writeSafetensors } = await import('../checkpoint/write-safetensors');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path, writeSafetensors(new Map([['x', random(1, 2)]])));
    await expect(loadTrainingState(path)).rejects.toThrow('step');
  });
});
