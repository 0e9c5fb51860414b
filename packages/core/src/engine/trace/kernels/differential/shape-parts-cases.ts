import * as tf from '@tensorflow/tfjs-core';
import type { CaseGenerator, CaseTable } from './harness';
import { dtypes, gradientOf, ranked, single } from './single-tensor';

/** Tensors that differ along one axis, some of them without elements. */
const concat: CaseGenerator = (random) => {
  const dtype = random.pick(dtypes);
  const shape = random.shape({ minRank: 1, maxRank: 4 });
  const axis = random.integer(0, shape.length - 1);
  const names = Array.from({ length: random.integer(1, 4) }, (_, index) => `x${index}`);
  const lengths = names.map(() => (random.chance(0.1) ? 0 : random.integer(1, 4)));
  const negative = random.chance(0.3);
  return {
    inputs: Object.fromEntries(
      names.map((name, index) => [name, random.tensor(shape.with(axis, lengths[index]!), dtype)]),
    ),
    run: (inputs) =>
      tf.concat(
        names.map((name) => inputs[name]!),
        negative ? axis - shape.length : axis,
      ),
    gradients: negative || lengths.includes(0) ? [] : gradientOf(dtype, names),
  };
};

const pack: CaseGenerator = (random) => {
  const dtype = random.pick(dtypes);
  const shape = random.shape({ maxRank: 4 });
  const axis = random.integer(0, shape.length);
  const names = Array.from({ length: random.integer(1, 4) }, (_, index) => `x${index}`);
  return {
    inputs: Object.fromEntries(names.map((name) => [name, random.tensor(shape, dtype)])),
    run: (inputs) =>
      tf.stack(
        names.map((name) => inputs[name]!),
        axis,
      ),
    gradients: gradientOf(dtype, names),
  };
};

/** Cut into equal parts or given lengths. tfjs cannot differentiate a cut into one part. */
const split: CaseGenerator = (random) => {
  const dtype = random.pick(dtypes);
  const shape = random.shape({ minRank: 1, maxLength: 6 });
  const axis = random.integer(0, shape.length - 1);
  const length = shape[axis]!;
  const equal = random.pick([1, 2, 3, 4, 5, 6].filter((parts) => length % parts === 0));
  const first = random.integer(0, length);
  const lengths = random.chance(0.3) ? [first, -1] : [first, length - first];
  const parts = random.chance(0.4) ? equal : lengths;
  return {
    inputs: { x: random.tensor(shape, dtype) },
    run: ({ x }) => tf.split(x!, parts, axis),
    gradients: parts === 1 ? [] : gradientOf(dtype, ['x']),
  };
};

const unpack: CaseGenerator = (random) => {
  const dtype = random.pick(dtypes);
  const shape = random.shape({ minRank: 1 });
  const axis = random.integer(-shape.length, shape.length - 1);
  return {
    inputs: { x: random.tensor(shape, dtype) },
    run: ({ x }) => tf.unstack(x!, axis),
    gradients: shape.at(axis) === 1 ? [] : gradientOf(dtype, ['x']),
  };
};

const slice = single(ranked, (random, shape) => {
  const begin = shape.map((length) => random.integer(0, length - 1));
  const size = shape.map((length, axis) => {
    const rest = length - begin[axis]!;
    if (random.chance(0.2)) return -1;
    return random.chance(0.05) ? 0 : random.integer(1, rest);
  });
  return (x) => tf.slice(x, begin, size);
});

const stridedSlice = single(
  (random) => random.shape({ minRank: 1, maxRank: 4, maxLength: 6 }),
  (random, shape) => {
    // One axis is dropped, one is added, or the rest is left to an ellipsis.
    const special = random.pick(['ellipsis', 'new', 'shrink', 'none', 'none', 'none'] as const);
    // tfjs cpu loses count of the axes where one is dropped and another strided.
    const strides = shape.map(() => (special === 'shrink' ? 1 : random.pick([-3, -2, -1, 1, 1, 2, 3])));
    // In the direction of the stride: tfjs cpu fails on some that run against it.
    const bounds = shape.map((length, axis) => {
      const [low, high] = [random.integer(0, length), random.integer(0, length)].sort((a, b) => a - b) as [
        number,
        number,
      ];
      const signed = (position: number) => (position < length && random.chance(0.3) ? position - length : position);
      return strides[axis]! > 0 ? [signed(low), signed(high)] : [signed(high), signed(low)];
    });
    const begin = bounds.map(([first]) => first!);
    const end = bounds.map(([, last]) => last!);
    const mask = () => (random.chance(0.4) ? random.integer(0, 2 ** shape.length - 1) : 0);
    const [beginMask, endMask] = [mask(), mask()];
    const axis = random.integer(0, shape.length - 1);
    const ellipsisMask = special === 'ellipsis' ? 2 ** axis : 0;
    const newAxisMask = special === 'new' ? 2 ** axis : 0;
    const shrinkAxisMask = special === 'shrink' ? 2 ** axis : 0;
    if (shrinkAxisMask) begin[axis] = random.integer(0, shape[axis]! - 1);
    return (x) =>
      tf.stridedSlice(x, begin, end, strides, beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask);
  },
  false,
);

/** Generators of the kernels that cut tensors and join them. */
export const partCases: CaseTable = {
  Concat: concat,
  Pack: pack,
  SplitV: split,
  Unpack: unpack,
  Slice: slice,
  StridedSlice: stridedSlice,
};
