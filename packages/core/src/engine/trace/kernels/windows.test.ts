import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { kernels } from '.';
import type { TensorType, Value } from '../graph';
import { createGraphRecorder } from '../graph-recorder';
import { trace } from '../trace';
import { toDepthwiseKernel, toOutInKernel } from './windows';

type Shapes = Readonly<Record<string, readonly number[]>>;

function record(run: (inputs: Readonly<Record<string, tf.Tensor>>) => tf.Tensor, shapes: Shapes) {
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]): [string, TensorType] => [name, { shape, dtype: 'float32' }]),
  );
  return trace((_part, tensors) => ({ y: run(tensors) }), undefined, inputs, { kernels });
}

const conv = (x: tf.Tensor, filter: tf.Tensor, strides: number | [number, number], pad: number | 'same' = 'same') =>
  tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad);

describe('convolutions', () => {
  it('have no transpose between them', () => {
    const { nodes } = record(({ x, f, g }) => conv(conv(x!, f!, 1), g!, 1), {
      x: [1, 8, 8, 3],
      f: [3, 3, 3, 4],
      g: [3, 3, 4, 5],
    });
    const order = nodes.map(({ op }) => op);
    // x, the two filters, and a result each, of which the first is not read.
    expect(order.filter((op) => op === 'Conv')).toHaveLength(2);
    const second = nodes.findLast(({ op }) => op === 'Conv')!;
    const source = second.inputs[0]!.source;
    expect(source.kind === 'node' && source.node.op).toBe('Conv');
  });

  it('read weights as PyTorch stores them', () => {
    const graph = createGraphRecorder();
    const opOf = ({ source }: Value) => source.kind;
    const stored = graph.input('weight', { shape: [8, 4, 3, 3], dtype: 'float32' });
    expect(toOutInKernel(graph, graph.transpose(stored, [2, 3, 1, 0]))).toBe(stored);
    const depthwise = graph.input('depthwise', { shape: [8, 1, 3, 3], dtype: 'float32' });
    expect(opOf(toDepthwiseKernel(graph, graph.transpose(depthwise, [2, 3, 0, 1])))).toBe('input');
  });

  it('take bias and activation before the last transpose', () => {
    const { outputs } = record(
      ({ x, f, b }) =>
        tf.fused.conv2d({
          x: x as tf.Tensor4D,
          filter: f as tf.Tensor4D,
          strides: 1,
          pad: 'same',
          bias: b!,
          activation: 'relu',
        }),
      { x: [1, 8, 8, 3], f: [3, 3, 3, 4], b: [4] },
    );
    const chain: string[] = [];
    for (let value: Value | null | undefined = outputs[0]!.value; value?.source.kind === 'node';) {
      chain.push(value.source.node.op);
      value = value.source.node.inputs[0];
    }
    expect(chain).toEqual(['Transpose', 'Relu', 'Conv', 'Transpose']);
  });
});

describe('a numeric pad', () => {
  it('is refused where kernel or strides differ between the axes', () => {
    const shapes = { x: [1, 9, 9, 2], f: [3, 1, 2, 2] };
    expect(() => record(({ x, f }) => conv(x!, f!, 1, 1), shapes)).toThrow(/Conv2D.*pad 1 is a number.*kernel 3x1/);
    const square = { x: [1, 9, 9, 2], f: [3, 3, 2, 2] };
    expect(() => record(({ x, f }) => conv(x!, f!, [2, 1], 1), square)).toThrow(
      expect.objectContaining({ code: 'not-traceable' }),
    );
    expect(() => record(({ x, f }) => conv(x!, f!, 2, 1), square)).not.toThrow();
  });
});

describe('pools', () => {
  it('with windows wholly in the padding are refused where they would yield no number', () => {
    const pads: [[number, number], [number, number], [number, number], [number, number]] = [
      [0, 0],
      [2, 0],
      [0, 0],
      [0, 0],
    ];
    const pool = ({ x }: Readonly<Record<string, tf.Tensor>>) => tf.avgPool(x as tf.Tensor4D, 2, 1, pads);
    expect(() => record(pool, { x: [1, 4, 4, 1] })).toThrow(/AvgPool.*nothing to average/);
  });
});
