import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { modelFunction, type HostTensor, type HostTensors, type Tensors } from '../engine';
import { seededRandom } from '../trace/kernels/differential/random';
import { createOnnxEngine } from './onnx-engine';

/** One step of gradient descent on a small network; parameters are inputs and outputs. */
function step(_part: undefined, { x, target, ...params }: Tensors): Tensors {
  const names = Object.keys(params);
  const lossOf = (...values: tf.Tensor[]) => {
    const [w1, b1, w2] = values as [tf.Tensor, tf.Tensor, tf.Tensor];
    const hidden = tf.tanh(tf.add(tf.matMul(x as tf.Tensor2D, w1 as tf.Tensor2D), b1));
    return tf.mean(tf.squaredDifference(tf.matMul(hidden as tf.Tensor2D, w2 as tf.Tensor2D), target!)) as tf.Scalar;
  };
  const { value, grads } = tf.valueAndGrads(lossOf)(names.map((name) => params[name]!));
  const moved = names.map((name, index) => [name, tf.sub(params[name]!, tf.mul(grads[index]!, 0.5))] as const);
  return { ...Object.fromEntries(moved), loss: value };
}

const random = seededRandom(5);
const tensor = (...shape: number[]): HostTensor => ({
  shape,
  data: Float32Array.from(
    { length: shape.reduce((product, length) => product * length, 1) },
    () => random.next() * 2 - 1,
  ),
});

describe('training on the compiled engine', () => {
  it('takes the steps of tfjs cpu, and the loss falls', async () => {
    const engine = await createOnnxEngine({ runtime: 'node' });
    const run = await engine.load(
      modelFunction(() => undefined, step),
      undefined as never,
      { consumesInputs: true },
    );
    const batch = { x: tensor(16, 4), target: tensor(16, 2) };
    let params: HostTensors = { w1: tensor(4, 8), b1: tensor(8), w2: tensor(8, 2) };

    await tf.setBackend('cpu');
    const expected = tf.tidy(() => {
      const inputs = Object.entries({ ...batch, ...params }).map(([name, { shape, data }]) => [
        name,
        tf.tensor(data, [...shape]),
      ]);
      const results = step(undefined, Object.fromEntries(inputs) as Tensors);
      return Object.fromEntries(Object.entries(results).map(([name, result]) => [name, [...result.dataSync()]]));
    });
    const losses: number[] = [];
    const paths: HostTensors[] = [];
    for (let index = 0; index < 30; index += 1) {
      const copies = Object.fromEntries(
        Object.entries(batch).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
      );
      const { loss, ...moved } = await run.run({ ...copies, ...params });
      if (index === 0)
        paths.push(
          Object.fromEntries(
            Object.entries(moved).map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]),
          ),
        );
      losses.push(loss!.data[0]!);
      params = moved;
    }
    for (const [name, { data }] of Object.entries(paths[0]!)) {
      data.forEach((value, element) => expect(value).toBeCloseTo(expected[name]![element]!, 5));
    }
    expect(losses[0]).toBeCloseTo(expected['loss']![0]!, 5);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 2);
    await engine.dispose();
  });
});
