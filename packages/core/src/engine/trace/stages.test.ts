import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { WeightTensor } from '../../checkpoint/weight-recipe';
import type { Tensors } from '../engine';
import { flopsOf } from './flops';
import type { TensorType } from './graph';
import { kernels } from './kernels';
import { optimizeGraph } from './passes';
import { peakBytes } from './peak-bytes';
import { cutStages } from './stages';
import { trace } from './trace';
import { nodeOf } from './traced-graph';

function graphOf(
  run: (part: never, inputs: never) => Tensors,
  inputs: Readonly<Record<string, TensorType>>,
  part?: unknown,
) {
  return optimizeGraph(trace(run as (part: unknown, inputs: unknown) => Tensors, part, inputs, { kernels }));
}
const type = (...shape: number[]): TensorType => ({ shape, dtype: 'float32' });

/** Four products, the first of which is read by the last as well. */
const chain = () =>
  graphOf(
    (_part, { x, w }: { readonly x: tf.Tensor2D; readonly w: tf.Tensor2D }) => {
      const first = tf.matMul(x, w) as tf.Tensor2D;
      const second = tf.matMul(first, w) as tf.Tensor2D;
      const third = tf.matMul(second, w) as tf.Tensor2D;
      return { y: tf.matMul(third, first), first, x };
    },
    { x: type(8, 8), w: type(8, 8) },
  );
const product = 2 * 8 ** 3;

describe('cutStages', () => {
  it('keeps a small graph whole', () => {
    const [stage, ...others] = cutStages(chain());
    expect(others).toEqual([]);
    expect(stage!.inputs.map(({ name }) => name).sort()).toEqual(['in/w', 'in/x']);
    expect(stage!.results).toEqual(['out/y', 'out/first', 'out/x']);
  });

  it('hands live values on and drops them after their last use', () => {
    const stages = cutStages(chain(), product);
    expect(stages).toHaveLength(4);
    expect(stages.map(({ nodes }) => nodes.length)).toEqual([1, 1, 1, 1]);
    const [first] = stages[0]!.outputs.filter(({ name }) => name.startsWith('x'));
    expect(stages[3]!.inputs.map(({ name }) => name)).toContain(first!.name);
    expect(stages[3]!.drops).toContain(first!.name);
    expect(stages[1]!.drops).toEqual([]);
    expect(stages[2]!.drops).toContain('in/w');
    // Every input was fed or made before, and every result leaves once.
    const known = new Set(['in/x', 'in/w']);
    for (const { inputs, outputs, drops } of stages) {
      for (const { name } of inputs) expect(known).toContain(name);
      outputs.forEach(({ name }) => known.add(name));
      drops.forEach((name) => known.delete(name));
    }
    expect(stages.flatMap(({ results }) => results).sort()).toEqual(['out/first', 'out/x', 'out/y']);
  });

  it('repeats what depends on weights only instead of handing it on', () => {
    const weight: WeightTensor = {
      shape: [8, 8],
      recipe: { kind: 'stored', file: '/w', offset: 0, dtype: 'F16', shape: [8, 8] },
      read: () => Promise.reject(new Error('read')),
    };
    const graph = graphOf(
      (w: tf.Tensor2D, { x }: { readonly x: tf.Tensor2D }) => ({ y: tf.matMul(tf.matMul(x, w), w) }),
      { x: type(8, 8) },
      weight,
    );
    const stages = cutStages(graph, product);
    expect(stages.map(({ nodes }) => nodes.map(({ op }) => op))).toEqual([
      ['Cast', 'MatMul'],
      ['Cast', 'MatMul'],
    ]);
    expect(stages[1]!.inputs).toHaveLength(1);
  });

  it('makes one stage of a graph that depends on no input', () => {
    const stages = cutStages(graphOf(() => ({ y: tf.tensor1d([1, 2]) }), {}));
    expect(stages).toMatchObject([{ inputs: [], nodes: [], results: ['out/y'] }]);
  });
});

describe('flopsOf', () => {
  it('counts products and convolutions', () => {
    const graph = graphOf(
      (
        _part,
        {
          x,
          k,
          a,
          b,
        }: { readonly x: tf.Tensor4D; readonly k: tf.Tensor4D; readonly a: tf.Tensor2D; readonly b: tf.Tensor2D },
      ) => ({
        conv: tf.conv2d(x, k, 2, 'same'),
        up: tf.conv2dTranspose(x, tf.transpose(k, [0, 1, 3, 2]) as tf.Tensor4D, [1, 16, 16, 4], 2, 'same'),
        product: tf.matMul(a, b, true),
      }),
      { x: type(1, 8, 8, 3), k: type(3, 3, 3, 4), a: type(5, 6), b: type(5, 7) },
    );
    const flops = (op: string) => graph.nodes.filter((node) => node.op === op).map(flopsOf);
    expect(flops('Conv')).toEqual([2 * 4 * 4 * 4 * 27]);
    expect(flops('ConvTranspose')).toEqual([2 * 8 * 8 * 3 * 36]);
    expect(flops('Gemm')).toEqual([2 * 6 * 7 * 5]);
  });
});

describe('peakBytes', () => {
  it('counts values until their last use', () => {
    const graph = graphOf((_part, { x }: { readonly x: tf.Tensor }) => ({ y: tf.sum(tf.exp(tf.sin(tf.cos(x)))) }), {
      x: type(100),
    });
    expect(peakBytes(graph)).toBe(2 * 400);
    expect(nodeOf(graph.outputs[0]!.value)?.op).toBe('ReduceSum');
  });
});
