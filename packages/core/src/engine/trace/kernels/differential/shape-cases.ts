import * as tf from '@tensorflow/tfjs-core';
import type { CaseGenerator, CaseTable } from './harness';
import { kernelOr } from './harness';
import type { Random } from './random';
import { partCases } from './shape-parts-cases';
import { any, dtypes, gradientOf, order, ranked, single } from './single-tensor';

/** Another shape with as many elements, sometimes with one length left out. */
function reshaped(random: Random, shape: readonly number[]): number[] {
  const factors = random.shuffle(shape.filter((length) => length !== 1));
  const merged: number[] = [];
  for (const factor of factors) {
    if (merged.length > 0 && random.chance(0.3)) merged[merged.length - 1]! *= factor;
    else merged.push(factor);
    if (random.chance(0.2)) merged.push(1);
  }
  if (merged.length > 0 && !merged.includes(0) && random.chance(0.3)) merged[random.integer(0, merged.length - 1)] = -1;
  return merged;
}

const mirrorPad = single(ranked, (random, shape) => {
  const mode = random.pick(['reflect', 'symmetric'] as const);
  const paddings = shape.map((length) => {
    const most = mode === 'reflect' ? length - 1 : length;
    return [random.integer(0, most), random.integer(0, most)] as [number, number];
  });
  return (x) => tf.mirrorPad(x, paddings, mode);
});

const select: CaseGenerator = (random) => {
  const dtype = random.pick(dtypes);
  const [first, second] = random.broadcastPair();
  const third = first.map((length) => (random.chance(0.6) ? length : 1));
  return {
    inputs: {
      condition: random.tensor(third, 'bool'),
      t: random.tensor(first, dtype),
      e: random.tensor(second, random.chance(0.2) && dtype !== 'float32' ? 'float32' : dtype),
    },
    run: ({ condition, t, e }) => tf.where(condition!, t!, e!),
    gradients: first.length <= 4 && second.length <= 4 ? gradientOf(dtype, ['t', 'e']) : [],
  };
};

/** A condition of rank 1 that chooses rows: the kernel allows it, `tf.where` does not pass it on. */
const selectRows: CaseGenerator = (random) => {
  const dtype = random.pick(dtypes);
  const shape = random.shape({ minRank: 1, maxRank: 4 });
  return {
    inputs: {
      condition: random.tensor([shape[0]!], 'bool'),
      t: random.tensor(shape, dtype),
      e: random.tensor(shape, dtype),
    },
    run: ({ condition, t, e }) =>
      // The cpu kernel reads one value a row, so rows are made equal for it.
      kernelOr('Select', { condition: condition!, t: t!, e: e! }, {}, () => {
        const rows = tf.reshape(condition!, [shape[0]!, ...shape.slice(1).map(() => 1)]);
        return tf.where(rows, t!, e!);
      }),
  };
};

function constant(op: (random: Random) => () => tf.Tensor): CaseGenerator {
  return (random) => {
    const run = op(random);
    return { inputs: {}, run };
  };
}

const depthToSpace: CaseGenerator = (random) => {
  const block = random.integer(2, 3);
  const [batch, height, width, depth] = [1, 2, 3, 4].map(() => random.integer(1, 3)) as [
    number,
    number,
    number,
    number,
  ];
  return {
    inputs: { x: random.tensor([batch, height, width, depth * block * block]) },
    run: ({ x }) => tf.depthToSpace(x as tf.Tensor4D, block),
  };
};

const spaceToBatch: CaseGenerator = (random) => {
  const block = Array.from({ length: random.integer(1, 2) }, () => random.integer(1, 3));
  const paddings = block.map((length) => {
    const before = random.integer(0, length);
    return [before, length * random.integer(1, 2) - before] as [number, number];
  });
  const spatial = block.map((length) => length * random.integer(1, 2));
  const shape = [random.integer(1, 3), ...spatial, ...random.shape({ maxRank: 2, maxLength: 3 })];
  const usable = paddings.every(([, after]) => after >= 0);
  const pads = usable ? paddings : block.map(() => [0, 0] as [number, number]);
  return {
    inputs: { x: random.tensor(shape) },
    run: ({ x }) => tf.spaceToBatchND(x!, block, pads),
    gradients: ['x'],
  };
};

const batchToSpace: CaseGenerator = (random) => {
  const block = Array.from({ length: random.integer(1, 2) }, () => random.integer(1, 3));
  const spatial = block.map(() => random.integer(1, 3));
  const crops = block.map((length, axis) => {
    const total = length * spatial[axis]! - 1;
    const before = random.integer(0, total);
    return [before, random.integer(0, total - before)] as [number, number];
  });
  const batch = block.reduce((product, length) => product * length, random.integer(1, 2));
  const shape = [batch, ...spatial, ...random.shape({ maxRank: 2, maxLength: 3 })];
  return {
    inputs: { x: random.tensor(shape) },
    run: ({ x }) => tf.batchToSpaceND(x!, block, crops),
    gradients: ['x'],
  };
};

/** One generator, or several, for every key of `shapeKernels`. */
export const shapeCases: CaseTable = {
  ...partCases,
  Reshape: single(any, (random, shape) => {
    const target = reshaped(random, shape);
    return (x) => tf.reshape(x, target);
  }),
  ExpandDims: single(any, (random, shape) => {
    const axis = random.integer(-shape.length - 1, shape.length);
    return (x) => tf.expandDims(x, axis);
  }),
  Transpose: single(
    (random) => random.shape({ minRank: 2, zero: true }),
    (random, shape) => {
      const axes = random.shuffle(order(shape.length));
      const swapped = random.shuffle(order(shape.length));
      return random.chance(0.5) ? (x) => tf.transpose(x, axes) : (x) => tf.transpose(tf.transpose(x, axes), swapped);
    },
  ),
  Reverse: single(ranked, (random, shape) => {
    const axes = random.shuffle(order(shape.length)).slice(0, random.integer(1, shape.length));
    return (x) => tf.reverse(x, axes);
  }),
  PadV2: single(
    (random) => random.shape({ minRank: 1, zero: true }),
    (random, shape) => {
      const paddings = shape.map(() => [random.integer(0, 2), random.integer(0, 2)] as [number, number]);
      const value = random.pick([0, 0, 1]);
      return (x) => tf.pad(x, paddings, value);
    },
  ),
  MirrorPad: mirrorPad,
  Tile: single(
    (random) => random.shape({ minRank: 1, maxRank: 4, maxLength: 3 }),
    (random, shape) => {
      if (random.chance(0.4)) {
        const target = [
          ...(shape.length < 4 && random.chance(0.5) ? [2] : []),
          ...shape.map((length) => (length === 1 ? 3 : length)),
        ];
        return (x) =>
          tf.tile(
            tf.broadcastTo(x, target),
            target.map(() => 1),
          );
      }
      const reps = shape.map(() => random.integer(1, 3));
      return (x) => tf.tile(x, reps);
    },
  ),
  // tfjs broadcasts by Tile.
  BroadcastTo: single(
    any,
    (random, shape) => {
      const target = [
        ...random.shape({ maxRank: 1 }),
        ...shape.map((length) => (length === 1 ? random.integer(1, 3) : length)),
      ];
      return (x) =>
        kernelOr('BroadcastTo', { x }, { shape: target, inputShape: [...shape] }, () => tf.broadcastTo(x, target));
    },
    false,
  ),
  Select: [select, select, selectRows],
  Fill: constant((random) => {
    const [shape, value, dtype] = [
      random.shape({ maxLength: 6, zero: true }),
      random.integer(0, 3),
      random.pick(dtypes),
    ];
    return () => tf.fill(shape, dtype === 'bool' ? value % 2 : value, dtype);
  }),
  LinSpace: constant((random) => {
    const [start, stop, count] = [random.integer(-5, 5), random.integer(-5, 5), random.integer(1, 90)];
    return () => tf.linspace(start, stop, count);
  }),
  Range: constant((random) => {
    const [start, stop] = [random.integer(-9, 9), random.integer(-9, 9)];
    const [step, dtype] = [random.pick([-2, -1, 0.5, 1, 2]), random.pick(['float32', 'int32'] as const)];
    return () => tf.range(start, stop, dtype === 'int32' ? Math.sign(step) * Math.ceil(Math.abs(step)) : step, dtype);
  }),
  DepthToSpace: depthToSpace,
  SpaceToBatchND: spaceToBatch,
  BatchToSpaceND: batchToSpace,
};
