import * as tf from '@tensorflow/tfjs-core';
import type { CaseGenerator, CaseTable } from './harness';
import { kernelOr } from './harness';
import type { Random, TensorOptions } from './random';

type Reduce = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;
type Dtype = 'float32' | 'int32' | 'bool';

/** None, one, several (negative ones too), or an empty list. */
function axisChoice(random: Random, rank: number): number | number[] | undefined {
  if (rank === 0 || random.chance(0.15)) return undefined;
  if (random.chance(0.08)) return [];
  const signed = (axis: number) => (random.chance(0.3) ? axis - rank : axis);
  if (random.chance(0.3)) return signed(random.integer(0, rank - 1));
  const axes = random.shuffle(Array.from({ length: rank }, (_, axis) => axis)).slice(0, random.integer(1, rank));
  return axes.sort((first, second) => first - second).map(signed);
}

interface ReduceOptions extends TensorOptions {
  readonly dtypes: readonly Dtype[];
  readonly gradient?: boolean;
  /** Whether tfjs defines the result over an axis of length 0. */
  readonly zero?: boolean;
  /** Longest axis, default 4. */
  readonly maxLength?: number;
}

function reduction(op: Reduce, options: ReduceOptions): CaseGenerator {
  return (random) => {
    const dtype = random.pick(options.dtypes);
    const shape = random.shape({ zero: options.zero ?? false, maxLength: options.maxLength ?? 4 });
    const axis = axisChoice(random, shape.length);
    const keepDims = random.chance(0.5);
    const size = shape.reduce((product, length) => product * length, 1);
    // tfjs's gradients of some reductions know neither empty lists nor negative axes.
    const plain =
      axis === undefined || (Array.isArray(axis) ? axis.length > 0 && axis.every((index) => index >= 0) : axis >= 0);
    return {
      inputs: { x: random.tensor(shape, dtype, options) },
      run: ({ x }) => op(x!, axis, keepDims),
      gradients: dtype === 'float32' && size > 0 && plain && (options.gradient ?? true) ? ['x'] : [],
    };
  };
}

function argument(op: (x: tf.Tensor, axis?: number) => tf.Tensor): CaseGenerator {
  return (random) => {
    const dtype = random.pick(['float32', 'int32', 'bool'] as const);
    const shape = random.shape({ minRank: 1 });
    const axis = random.integer(-shape.length, shape.length - 1);
    return {
      inputs: { x: random.tensor(shape, dtype, { specials: [2] }) },
      run: ({ x }) => op(x!, axis),
    };
  };
}

function softmax(op: (x: tf.Tensor) => tf.Tensor, gradient: boolean): CaseGenerator {
  return (random) => ({
    inputs: { x: random.tensor(random.shape({ minRank: 1 }), 'float32', { from: -6, to: 6, specials: [40, -40] }) },
    run: ({ x }) => op(x!),
    gradients: gradient ? ['x'] : [],
  });
}

function cumulative(
  op: (x: tf.Tensor, axis: number, exclusive: boolean, reverse: boolean) => tf.Tensor,
  gradient: boolean,
): CaseGenerator {
  return (random) => {
    const dtype = random.pick(['float32', 'int32', 'bool'] as const);
    const shape = random.shape({ minRank: 1, maxLength: 6, zero: true });
    const axis = random.integer(0, shape.length - 1);
    const [exclusive, reverse] = [random.chance(0.5), random.chance(0.5)];
    // tfjs transposes the gradient of an inner axis once too often.
    const last = axis === shape.length - 1;
    return {
      inputs: { x: random.tensor(shape, dtype) },
      run: ({ x }) => op(x!, axis, exclusive, reverse),
      gradients: gradient && last && dtype === 'float32' ? ['x'] : [],
    };
  };
}

const everyType = ['float32', 'float32', 'int32', 'bool'] as const;

/** One generator for every key of `reduceKernels`. */
export const reduceCases: CaseTable = {
  Sum: reduction(tf.sum, { dtypes: everyType, zero: true, from: -1, to: 1 }),
  Mean: reduction(tf.mean, { dtypes: everyType }),
  Max: reduction(tf.max, { dtypes: everyType, specials: [1] }),
  Min: reduction(tf.min, { dtypes: everyType, specials: [-1] }),
  Prod: reduction(tf.prod, { dtypes: everyType, zero: true, from: -1.5, to: 1.5, maxLength: 3 }),
  All: reduction(tf.all, { dtypes: ['bool'] }),
  Any: reduction(tf.any, { dtypes: ['bool'] }),
  ArgMax: argument(tf.argMax),
  ArgMin: argument(tf.argMin),
  Softmax: softmax(tf.softmax, true),
  // tfjs composes it of other kernels.
  LogSoftmax: softmax((x) => kernelOr('LogSoftmax', { logits: x }, { axis: -1 }, () => tf.logSoftmax(x)), false),
  Cumsum: cumulative(tf.cumsum, true),
  Cumprod: cumulative(tf.cumprod, false),
};
