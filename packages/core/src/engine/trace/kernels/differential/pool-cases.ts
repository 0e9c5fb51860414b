import * as tf from '@tensorflow/tfjs-core';
import type { CaseGenerator, CaseTable } from './harness';
import type { Random } from './random';
import type { WindowChoice2d } from './window-choices';
import { windowChoice2d } from './window-choices';

/** Whether some windows lie wholly in the padding. */
function someAreBlind({ size, kernel, strides, pad, rounding }: WindowChoice2d): boolean {
  const info = tf.backend_util.computePool2DInfo([1, ...size, 1], kernel, strides, 1, pad, rounding);
  const { top, left } = info.padInfo;
  const end = (count: number, stride: number, begin: number, length: number) => (count - 1) * stride - begin - length;
  return (
    top >= kernel[0] ||
    left >= kernel[1] ||
    end(info.outHeight, strides[0], top, size[0]) >= 0 ||
    end(info.outWidth, strides[1], left, size[1]) >= 0
  );
}

/** tfjs cpu forgets padding and strides of single-element windows where as many come out as go in. */
function isShortcut({ kernel, pad }: WindowChoice2d): boolean {
  return kernel.every((length) => length === 1) && typeof pad !== 'string';
}

const max: CaseGenerator = (random) => {
  let choice = windowChoice2d(random, { rounded: true });
  while (isShortcut(choice)) choice = windowChoice2d(random, { rounded: true });
  const { size, kernel, strides, pad, rounding } = choice;
  const dtype = random.chance(0.3) && !someAreBlind(choice) ? 'int32' : 'float32';
  return {
    // Negative numbers only: padding must not win.
    inputs: { x: random.tensor([random.integer(1, 3), ...size, random.integer(1, 4)], dtype, { from: -9, to: -1 }) },
    run: ({ x }) => tf.maxPool(x as tf.Tensor4D, kernel, strides, pad, rounding),
  };
};

const average: CaseGenerator = (random) => {
  let choice = windowChoice2d(random, { rounded: true });
  while (someAreBlind(choice) || isShortcut(choice)) choice = windowChoice2d(random, { rounded: true });
  const { size, kernel, strides, pad, rounding } = choice;
  return {
    inputs: { x: random.tensor([random.integer(1, 3), ...size, random.integer(1, 4)]) },
    run: ({ x }) => tf.avgPool(x as tf.Tensor4D, kernel, strides, pad, rounding),
  };
};

function three(random: Random) {
  const cube = random.pick([1, 2, 3]);
  const kernel = random.chance(0.5) ? cube : ([1, 2, 3].map(() => random.integer(1, 3)) as [number, number, number]);
  const strides = random.integer(1, 3);
  const pad = random.pick(['same', 'valid'] as const);
  const size = [random.integer(3, 6), random.integer(3, 6), random.integer(3, 6)];
  return { kernel, strides, pad, shape: [random.integer(1, 2), ...size, random.integer(1, 2)] };
}

const max3d: CaseGenerator = (random) => {
  const { kernel, strides, pad, shape } = three(random);
  return {
    inputs: { x: random.tensor(shape, 'float32', { from: -9, to: -1 }) },
    run: ({ x }) => tf.maxPool3d(x as tf.Tensor5D, kernel, strides, pad),
  };
};

const average3d: CaseGenerator = (random) => {
  const { kernel, strides, pad, shape } = three(random);
  return {
    inputs: { x: random.tensor(shape) },
    run: ({ x }) => tf.avgPool3d(x as tf.Tensor5D, kernel, strides, pad),
  };
};

export const poolCases: CaseTable = {
  MaxPool: max,
  AvgPool: average,
  MaxPool3D: max3d,
  AvgPool3D: average3d,
};
