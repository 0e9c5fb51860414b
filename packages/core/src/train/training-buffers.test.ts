import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, HostTensors } from '../engine/engine';
import { selectEngine } from '../engine/select-engine';
import { adamW } from './adam-w';
import { trainModel, type TrainingProgress } from './fit';
import { stopGradient } from './losses';
import { initialState, loadTrainingState, saveTrainingState, type TrainingState } from './training-state';
import { trainingStep } from './training-step';

const folder = mkdtempSync(join(tmpdir(), 'tesserae-buffers-'));
const engines: Engine[] = [];
beforeAll(async () => {
  engines.push(await selectEngine('onnx'), await selectEngine('cpu'));
});
afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.dispose()));
  rmSync(folder, { recursive: true, force: true });
});

const params: HostTensors = { weight: { shape: [2], data: Float32Array.of(1, -2) } };
const optimizer = adamW();
/** The average of what the batches were, which the loss looks at, too; `other` stays. */
const step = trainingStep({
  optimizer,
  losses({ weight }, { x }, buffers) {
    const { average } = buffers.values;
    buffers.set({ average: tf.add(tf.mul(average!, 0.5), tf.mul(stopGradient(x!), 0.5)) });
    return { loss: tf.mean(tf.square(tf.sub(tf.mul(weight!, x!), average!))) as tf.Scalar };
  },
});
const batchOf = (index: number): HostTensors => ({ x: { shape: [2], data: Float32Array.of(index + 1, 2) } });
const start: TrainingState = {
  ...initialState(params, optimizer),
  buffers: {
    average: { shape: [2], data: Float32Array.of(0, 4) },
    other: { shape: [1], data: Float32Array.of(7) },
  },
};

async function train(engine: Engine, steps: number, from = start): Promise<TrainingProgress[]> {
  const reports: TrainingProgress[] = [];
  for await (const report of trainModel(step, batchOf, structuredClone(from), { engine, steps, rate: () => 0.1 }))
    reports.push(structuredClone(report));
  return reports;
}

describe('buffers of a training step', () => {
  it('go from step to step beside the parameters, compiled and on cpu', async () => {
    for (const engine of engines) {
      const [, , third] = await train(engine, 3);
      expect([...third!.state.buffers!['average']!.data]).toEqual([(1 / 4 + 2 / 2 + 3) / 2, 2.25]);
      expect([...third!.state.buffers!['other']!.data]).toEqual([7]);
      expect(Object.keys(third!.state.params)).toEqual(['weight']);
    }
    const [compiled, cpu] = await Promise.all(engines.map((engine) => train(engine, 3)));
    expect(compiled![2]!.losses['loss']).toBeCloseTo(cpu![2]!.losses['loss']!, 5);
  });

  it('are saved with the state', async () => {
    const [engine] = engines;
    const whole = await train(engine!, 4);
    const path = join(folder, 'state.safetensors');
    await saveTrainingState(path, whole[1]!.state);
    const rest = await train(engine!, 4, await loadTrainingState(path));
    expect(rest.at(-1)!.state).toEqual(whole.at(-1)!.state);
  });

  it('leaves no tensors behind, and refuses other names and shapes', async () => {
    const cpu = engines[1]!;
    await train(cpu, 1);
    const before = tf.memory().numTensors;
    await train(cpu, 2);
    expect(tf.memory().numTensors).toBe(before);
    const wrong = (next: () => Record<string, tf.Tensor>) =>
      trainingStep({
        optimizer,
        losses({ weight }, _batch, buffers) {
          buffers.set(next());
          return { loss: tf.sum(weight!) as tf.Scalar };
        },
      });
    for (const next of [() => ({ nothing: tf.zeros([2]) }), () => ({ average: tf.zeros([3]) })]) {
      const run = trainModel(wrong(next), batchOf, structuredClone(start), { engine: cpu, steps: 1, rate: () => 0 });
      await expect(run.next()).rejects.toThrow('buffers: ');
    }
  });
});
