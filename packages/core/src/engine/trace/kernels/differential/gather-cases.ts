import * as tf from '@tensorflow/tfjs-core';
import type { CaseGenerator, CaseTable } from './harness';

const dtypes = ['float32', 'float32', 'int32', 'bool'] as const;

const gather: CaseGenerator = (random) => {
  const dtype = random.pick(dtypes);
  const shape = random.shape({ minRank: 1, maxRank: 4 });
  const batchDims = random.chance(0.3) ? random.integer(0, shape.length - 1) : 0;
  const axis = random.integer(batchDims, shape.length - 1);
  const indexShape = [...shape.slice(0, batchDims), ...random.shape({ maxRank: 2, zero: true })];
  const indices = random.tensor(indexShape, 'int32', { from: 0, to: shape[axis]! - 1 });
  // tfjs looks past the end of the shape when it differentiates a negative axis or more than one batch axis.
  const smooth = dtype === 'float32' && batchDims === 0 && indices.values.length > 0;
  const negative = !smooth && random.chance(0.3);
  return {
    inputs: { x: random.tensor(shape, dtype), indices },
    run: ({ x, indices: ids }) => tf.gather(x!, ids as tf.Tensor1D, negative ? axis - shape.length : axis, batchDims),
    gradients: smooth ? ['x'] : [],
  };
};

const gatherNd: CaseGenerator = (random) => {
  const shape = random.shape({ minRank: 1, maxRank: 4 });
  const depth = random.integer(1, shape.length);
  const leading = random.shape({ maxRank: 2, zero: true });
  const rows = leading.reduce((product, length) => product * length, 1);
  const values = Array.from({ length: rows }, () =>
    shape.slice(0, depth).map((length) => random.integer(0, length - 1)),
  ).flat();
  return {
    inputs: {
      params: random.tensor(shape, random.pick(dtypes)),
      indices: { dtype: 'int32', shape: [...leading, depth], values },
    },
    run: ({ params, indices }) => tf.gatherND(params!, indices!),
  };
};

/** Coordinates into a shape, all of them different where asked. */
const scatter =
  (unique: boolean): CaseGenerator =>
  (random) => {
    const dtype = random.pick(['float32', 'int32'] as const);
    const shape = random.shape({ minRank: 1, maxRank: 4 });
    const depth = random.integer(1, shape.length);
    const cells = shape.slice(0, depth).reduce((product, length) => product * length, 1);
    const all = random.shuffle(Array.from({ length: cells }, (_, cell) => cell));
    const count = unique ? random.integer(1, cells) : random.integer(1, 6);
    const chosen = Array.from({ length: count }, (_, index) => (unique ? all[index]! : random.pick(all)));
    const coordinates = chosen.flatMap((cell) => {
      const reversed: number[] = [];
      let rest = cell;
      for (const length of shape.slice(0, depth).reverse()) {
        reversed.push(rest % length);
        rest = Math.floor(rest / length);
      }
      return reversed.reverse();
    });
    const flat = depth === 1 && random.chance(0.4);
    const inputs = {
      indices: { dtype: 'int32' as const, shape: flat ? [count] : [count, depth], values: coordinates },
      updates: random.tensor([count, ...shape.slice(depth)], dtype),
    };
    if (unique) {
      return {
        inputs: { ...inputs, tensor: random.tensor(shape, dtype) },
        run: ({ tensor, indices, updates }) => tf.tensorScatterUpdate(tensor!, indices!, updates!),
      };
    }
    return { inputs, run: ({ indices, updates }) => tf.scatterND(indices!, updates!, shape) };
  };

const unsortedSegmentSum: CaseGenerator = (random) => {
  const dtype = random.pick(['float32', 'float32', 'int32'] as const);
  const shape = random.shape({ minRank: 1, maxRank: 4, maxLength: 6 });
  const segments = random.integer(1, 5);
  // The gradient gathers by the ids: negative ones it clears, greater ones it refuses.
  const beyond = dtype === 'int32' || random.chance(0.3);
  return {
    inputs: {
      x: random.tensor(shape, dtype),
      ids: random.tensor([shape[0]!], 'int32', { from: -1, to: beyond ? segments : segments - 1 }),
    },
    run: ({ x, ids }) => tf.unsortedSegmentSum(x!, ids as tf.Tensor1D, segments),
    gradients: beyond ? [] : ['x'],
  };
};

const oneHot: CaseGenerator = (random) => {
  const depth = random.integer(2, 6);
  const dtype = random.pick(['float32', 'int32', 'bool'] as const);
  const [on, off] = random.chance(0.5) || dtype === 'bool' ? [1, 0] : [random.integer(-3, 3), random.integer(-3, 3)];
  return {
    inputs: { ids: random.tensor(random.shape({ maxRank: 4, zero: true }), 'int32', { from: -1, to: depth }) },
    run: ({ ids }) => tf.oneHot(ids!, depth, on, off, dtype),
  };
};

const topK: CaseGenerator = (random) => {
  const shape = random.shape({ minRank: 1, maxRank: 4, maxLength: 7 });
  const k = random.integer(0, shape.at(-1)!);
  return {
    inputs: { x: random.tensor(shape, random.pick(['float32', 'int32'] as const), { specials: [1] }) },
    run: ({ x }) => {
      const { values, indices } = tf.topk(x!, k, true);
      return [values, indices];
    },
  };
};

/** One generator for every key of `gatherKernels`. */
export const gatherCases: CaseTable = {
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: scatter(false),
  TensorScatterUpdate: scatter(true),
  UnsortedSegmentSum: unsortedSegmentSum,
  OneHot: oneHot,
  TopK: topK,
};
