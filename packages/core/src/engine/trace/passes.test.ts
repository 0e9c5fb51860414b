import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { WeightRecipe, WeightTensor } from '../../checkpoint/weight-recipe';
import { silu } from '../../nn/activations';
import { selfAttention } from '../../nn/attention';
import { convTranspose1d, type ConvTranspose1dParams } from '../../nn/conv-transpose1d';
import { conv1d, type Conv1dParams } from '../../nn/conv1d';
import { conv2d } from '../../nn/conv2d';
import { groupNorm } from '../../nn/group-norm';
import { linear } from '../../nn/linear';
import { upsampleNearest } from '../../nn/upsample';
import type { Tensors } from '../engine';
import type { TensorType, Value } from './graph';
import { kernels } from './kernels';
import { compareCases, type DifferentialCase } from './kernels/differential/harness';
import { seededRandom, type Random } from './kernels/differential/random';
import { optimizeGraph } from './passes';
import { trace } from './trace';

/** A weight of a file that nobody opens: PyTorch's shape, permuted to ours. */
function weight(shape: readonly number[], permute?: readonly number[]): WeightTensor {
  const stored: WeightRecipe = {
    kind: 'stored',
    file: '/weights',
    offset: 64 * shape.join('').length,
    dtype: 'F32',
    shape,
  };
  const recipe: WeightRecipe = permute ? { kind: 'permute', of: stored, axes: permute } : stored;
  const own = permute ? permute.map((axis) => shape[axis]!) : shape;
  return { shape: own, recipe, read: () => Promise.reject(new Error('read')) };
}

let offset = 0;
function fresh(tensor: WeightTensor): WeightTensor {
  const move = (recipe: WeightRecipe): WeightRecipe => {
    if (recipe.kind === 'permute') return { ...recipe, of: move(recipe.of) };
    return recipe.kind === 'stored' ? { ...recipe, offset: (offset += 1_000_000) } : recipe;
  };
  return { ...tensor, recipe: move(tensor.recipe) };
}

const convWeights = (from: number, to: number, size: number) => ({
  kernel: fresh(weight([to, from, size, size], [2, 3, 1, 0])),
  bias: fresh(weight([to])),
});
const linearWeights = (from: number, to: number) => ({
  kernel: fresh(weight([to, from], [1, 0])),
  bias: fresh(weight([to])),
});
const normWeights = (features: number) => ({ scale: fresh(weight([features])), offset: fresh(weight([features])) });

/** How many nodes of each kind are left. */
function nodeCounts(
  run: (part: never, inputs: never) => Tensors,
  part: unknown,
  inputs: Readonly<Record<string, TensorType>>,
): Record<string, number> {
  const graph = optimizeGraph(trace(run as (part: unknown, inputs: unknown) => Tensors, part, inputs, { kernels }));
  const counts: Record<string, number> = {};
  for (const { op } of graph.nodes) counts[op] = (counts[op] ?? 0) + 1;
  return counts;
}

const image = (shape: readonly number[]): TensorType => ({ shape, dtype: 'float32' });

describe('optimizeGraph', () => {
  it('leaves one Gemm of a linear layer', () => {
    const part = linearWeights(8, 4);
    const counts = nodeCounts((p, { x }: { x: tf.Tensor }) => ({ y: linear(x, p) }), part, { x: image([2, 3, 8]) });
    expect(counts).toEqual({ Reshape: 2, Gemm: 1 });
  });

  it('keeps a chain of convolutions channels first', () => {
    const part = {
      first: convWeights(3, 8, 3),
      norm: normWeights(8),
      second: convWeights(8, 8, 3),
      third: convWeights(8, 4, 1),
    };
    const counts = nodeCounts(
      (p: Record<'first' | 'second' | 'third' | 'norm', never>, { x }: { x: tf.Tensor4D }) => {
        const first = conv2d(x, p.first);
        const second = conv2d(silu(groupNorm(first, p.norm, 4)) as tf.Tensor4D, p.second);
        const joined = tf.add(first, second) as tf.Tensor4D;
        return { y: conv2d(upsampleNearest(joined, 2), p.third) };
      },
      part,
      { x: image([1, 8, 8, 3]) },
    );
    expect(counts).toMatchObject({ Conv: 3, Transpose: 2, Resize: 1, InstanceNormalization: 1 });
    // One is the scale of the norm, one the residual; every bias went into its Conv.
    expect(counts['Add']).toBe(2);
  });

  it('carries layouts through 1-D convolutions', () => {
    const part = {
      first: fresh(weight([8, 4, 1, 3], [2, 3, 1, 0])),
      second: fresh(weight([4, 8, 1, 3], [2, 3, 1, 0])),
      bias: fresh(weight([8])),
    };
    const plainConv1d = (x: tf.Tensor3D, kernel: tf.Tensor4D) => {
      const [batch, length, channels] = x.shape;
      const y = tf.conv2d(tf.reshape(x, [batch, 1, length, channels]) as tf.Tensor4D, kernel, 1, 'same');
      return tf.reshape(y, [batch, length, y.shape[3]]) as tf.Tensor3D;
    };
    for (const batch of [1, 2]) {
      const counts = nodeCounts(
        (p: { first: tf.Tensor4D; second: tf.Tensor4D; bias: tf.Tensor1D }, { x }: { x: tf.Tensor3D }) => {
          const first = tf.elu(tf.add(plainConv1d(x, p.first), p.bias)) as tf.Tensor3D;
          const padded = tf.pad(first, [
            [0, 0],
            [3, 0],
            [0, 0],
          ]) as tf.Tensor3D;
          return { y: plainConv1d(padded, p.second) };
        },
        part,
        { x: image([batch, 16, 4]) },
      );
      expect(counts['Conv']).toBe(2);
      expect(counts['Transpose']).toBe(2);
    }
  });

  it('keeps biases beside 1-D convolutions, and swaps axes once for a transposed one', () => {
    const part = {
      up: { kernel: fresh(weight([8, 4, 6], [2, 1, 0])), bias: fresh(weight([4])) },
      same: { kernel: fresh(weight([4, 4, 3], [2, 1, 0])), bias: fresh(weight([4])) },
      out: { kernel: fresh(weight([2, 4, 3], [2, 1, 0])) },
    };
    type Part = { readonly up: ConvTranspose1dParams; readonly same: Conv1dParams; readonly out: Conv1dParams };
    const run = ({ up, same, out }: Part, { x }: { readonly x: tf.Tensor3D }) => {
      const raised = convTranspose1d(x, up, 3, [0, 3]);
      const sum = tf.add(raised, conv1d(tf.elu(raised), same, { padding: [1, 1] })) as tf.Tensor3D;
      return { y: conv1d(tf.elu(sum), out, { padding: [1, 1] }) };
    };
    const traced = trace(run as never, part, { x: image([1, 16, 8]) }, { kernels });
    const { nodes, inputs } = optimizeGraph(traced);
    const moving = new Set<Value | null>(inputs);
    // Without what becomes of the weights.
    const moved = nodes.filter((node) => {
      const isMoving = node.inputs.some((value) => moving.has(value));
      if (isMoving) node.outputs.forEach((value) => moving.add(value));
      return isMoving;
    });
    const biased = moved.filter(({ op, inputs: { length } }) => op === 'Conv' && length === 3);
    expect(biased).toHaveLength(2);
    const count = (op: string) => moved.filter((node) => node.op === op).length;
    // Into channels first, the swap, and back.
    expect([count('Conv'), count('ConvTranspose'), count('Transpose')]).toEqual([3, 0, 3]);
  });

  it('needs no transposes beyond the heads of attention', () => {
    const part = { qkv: linearWeights(8, 24), out: linearWeights(8, 8) };
    const counts = nodeCounts((p, { x }: { x: tf.Tensor3D }) => ({ y: selfAttention(x, p, 2) }), part, {
      x: image([1, 5, 8]),
    });
    expect(counts).toMatchObject({ Gemm: 2, MatMul: 2, Softmax: 1, Transpose: 3 });
  });

  it('computes equal things once and drops what nothing needs', () => {
    const counts = nodeCounts(
      (_p, { x }: { x: tf.Tensor }) => {
        tf.exp(x);
        return { y: tf.add(tf.sin(x), tf.sin(x)), z: tf.sin(x) };
      },
      undefined,
      { x: image([4]) },
    );
    expect(counts).toEqual({ Sin: 1, Add: 1 });
  });

  it('computes a product once where its sum is not all that is read', () => {
    const part = linearWeights(8, 4);
    const counts = nodeCounts(
      (p: { kernel: tf.Tensor2D; bias: tf.Tensor1D }, { x }: { x: tf.Tensor2D }) => {
        const product = tf.matMul(x, p.kernel);
        return { y: tf.add(product, p.bias), z: tf.sin(product) };
      },
      part,
      { x: image([2, 8]) },
    );
    expect(counts).toEqual({ Gemm: 1, Add: 1, Sin: 1 });
  });

  it('changes no value of random chains of layout changes', async () => {
    const random = seededRandom(7);
    const cases = Array.from({ length: 120 }, () => layoutChain(random));
    for (let start = 0; start < cases.length; start += 40) await compareCases(cases.slice(start, start + 40));
  });
});

/** Transposes with all that they can move below in between. */
function layoutChain(random: Random): DifferentialCase {
  const shape = random.shape({ minRank: 2, maxRank: 5, maxLength: 3 });
  const values = (dimensions: readonly number[]) => {
    const count = dimensions.reduce((product, length) => product * length, 1);
    return {
      dtype: 'float32',
      shape: dimensions,
      values: Array.from({ length: count }, () => random.next() * 2 - 1),
    } as const;
  };
  const steps: ((x: tf.Tensor, inputs: Readonly<Record<string, tf.Tensor>>) => tf.Tensor)[] = [];
  const others: Record<string, ReturnType<typeof values>> = {};
  let current = shape;
  const permute = () => {
    const perm = random.shuffle(current.map((_, axis) => axis));
    steps.push((x) => tf.transpose(x, perm));
    current = perm.map((axis) => current[axis]!);
  };
  const count = random.integer(3, 9);
  for (let index = 0; index < count; index += 1) {
    permute();
    const axis = random.integer(0, current.length - 1);
    const here = current;
    switch (random.integer(0, 9)) {
      case 0:
        steps.push((x) => tf.sin(x));
        break;
      case 1: {
        const name = `o${index}`;
        const kept = here.map((length) => (random.chance(0.5) ? length : 1)).slice(random.integer(0, here.length));
        others[name] = values(kept);
        steps.push((x, inputs) => tf.add(x, inputs[name]!));
        break;
      }
      case 2:
        steps.push((x) => tf.concat([x, tf.neg(x)], axis));
        current = here.with(axis, here[axis]! * 2);
        break;
      case 3:
        steps.push((x) =>
          tf.pad(
            x,
            here.map((_, i): [number, number] => (i === axis ? [1, 2] : [0, 0])),
          ),
        );
        current = here.with(axis, here[axis]! + 3);
        break;
      case 4:
        steps.push((x) => tf.sum(x, axis, true));
        current = here.with(axis, 1);
        break;
      case 5:
        if (here.length < 3) break;
        steps.push((x) => tf.mean(x, axis));
        current = here.filter((_, i) => i !== axis);
        break;
      case 6:
        steps.push((x) =>
          tf.slice(
            x,
            here.map((length, i) => (i === axis ? length - 1 : 0)),
            here.map((length, i) => (i === axis ? 1 : length)),
          ),
        );
        current = here.with(axis, 1);
        break;
      case 7: {
        if (axis + 1 >= here.length || here.length < 3) break;
        const joined = [...here.slice(0, axis), here[axis]! * here[axis + 1]!, ...here.slice(axis + 2)];
        steps.push((x) => tf.reshape(x, joined));
        current = joined;
        break;
      }
      case 8: {
        if (here.length > 4) break;
        const widened = [...here.slice(0, axis), 1, ...here.slice(axis)];
        steps.push((x) => tf.reshape(x, widened));
        current = widened;
        break;
      }
      default: {
        const indices = Array.from({ length: 2 }, () => random.integer(0, here[axis]! - 1));
        steps.push((x) => tf.gather(x, indices, axis));
        current = here.with(axis, 2);
      }
    }
    if (current.reduce((product, length) => product * length, 1) > 4000) break;
  }
  permute();
  return {
    inputs: { x: values(shape), ...others },
    run: (inputs) => {
      const { x } = inputs;
      return steps.reduce((value, step) => step(value, inputs), x!);
    },
  };
}
