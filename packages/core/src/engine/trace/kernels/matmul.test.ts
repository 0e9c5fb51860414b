import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { kernels } from '.';
import type { TensorType } from '../graph';
import { trace } from '../trace';

type Shapes = Readonly<Record<string, readonly number[]>>;

function operators(
  run: (inputs: Readonly<Record<string, tf.Tensor>>) => tf.Tensor,
  shapes: Shapes,
  dtype: 'float32' | 'bool' = 'float32',
) {
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]): [string, TensorType] => [name, { shape, dtype }]),
  );
  return trace((_part, tensors) => ({ y: run(tensors) }), undefined, inputs, { kernels }).nodes.map(
    ({ op, inputs: read }) => `${op}(${read[0]!.shape.join('x')})`,
  );
}

describe('products', () => {
  it('with one matrix are one 2-D product of all rows', () => {
    expect(operators(({ a, b }) => tf.matMul(a!, b!), { a: [2, 5, 3], b: [1, 3, 4] })).toEqual([
      'Reshape(1x3x4)',
      'Reshape(2x5x3)',
      'MatMul(10x3)',
      'Reshape(10x4)',
    ]);
  });

  it('need no reshape where both are matrices, and transpose as a node', () => {
    expect(operators(({ a, b }) => tf.matMul(a!, b!, false, true), { a: [5, 3], b: [4, 3] })).toEqual([
      'Transpose(4x3)',
      'MatMul(5x3)',
    ]);
  });

  it('take a bias and an activation before the rows are unfolded', () => {
    const run = ({ a, b, c }: Readonly<Record<string, tf.Tensor>>) =>
      tf.fused.matMul({ a: a as tf.Tensor3D, b: b as tf.Tensor3D, bias: c!, activation: 'relu' });
    expect(operators(run, { a: [1, 5, 3], b: [1, 3, 4], c: [4] })).toEqual([
      'Reshape(1x5x3)',
      'Reshape(1x3x4)',
      'MatMul(5x3)',
      'Add(5x4)',
      'Relu(5x4)',
      'Reshape(5x4)',
    ]);
  });

  it('of booleans are refused', () => {
    expect(() => operators(({ a, b }) => tf.matMul(a!, b!), { a: [2, 2], b: [2, 2] }, 'bool')).toThrow(
      expect.objectContaining({ code: 'not-traceable' }),
    );
  });
});
