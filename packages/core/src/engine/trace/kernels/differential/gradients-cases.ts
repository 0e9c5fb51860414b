import * as tf from '@tensorflow/tfjs-core';
import { linearMatrix, nearestMatrix } from '../resize-axes';
import { convolution3d } from './conv-cases';
import type { CaseGenerator, CaseTable } from './harness';
import { resizedLength } from './resize-cases';
import { windowChoice2d } from './window-choices';

const small = { from: -0.7, to: 0.7 };

const filter2d: CaseGenerator = (random) => {
  const format = random.pick(['NHWC', 'NHWC', 'NCHW'] as const);
  const { size, kernel, strides, pad } = windowChoice2d(random, { format });
  const [batch, channels, outputs] = [random.integer(1, 3), random.integer(1, 4), random.integer(1, 4)];
  const shape = format === 'NHWC' ? [batch, ...size, channels] : [batch, channels, ...size];
  return {
    inputs: {
      x: random.tensor(shape, 'float32', small),
      filter: random.tensor([...kernel, channels, outputs], 'float32', small),
    },
    run: ({ x, filter }) => tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, format),
    gradients: ['filter', 'x'],
  };
};

const depthwise: CaseGenerator = (random) => {
  const { size, kernel, strides, pad } = windowChoice2d(random);
  const [channels, multiplier] = [random.integer(1, 4), random.integer(1, 3)];
  return {
    inputs: {
      x: random.tensor([random.integer(1, 3), ...size, channels], 'float32', small),
      filter: random.tensor([...kernel, channels, multiplier], 'float32', small),
    },
    run: ({ x, filter }) => tf.depthwiseConv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad),
    gradients: ['x', 'filter'],
  };
};

const max: CaseGenerator = (random) => {
  const { size, kernel, strides, pad } = windowChoice2d(random, { blind: false });
  // Whole numbers: windows with several largest elements.
  const dtype = random.chance(0.5) ? { from: -3, to: 3 } : { from: -1, to: 1 };
  const x = random.tensor([random.integer(1, 3), ...size, random.integer(1, 4)], 'float32', dtype);
  const values = dtype.to === 3 ? x.values.map((value) => Math.round(value)) : x.values;
  return {
    inputs: { x: { ...x, values } },
    run: ({ x: input }) => tf.maxPool(input as tf.Tensor4D, kernel, strides, pad),
    gradients: ['x'],
  };
};

/** One length for all axes: tfjs cpu mixes up height and width of other windows. */
const max3d: CaseGenerator = (random) => {
  const [kernel, strides] = [random.integer(1, 3), random.integer(1, 3)];
  const size = [random.integer(3, 5), random.integer(3, 5), random.integer(3, 5)];
  const pad = random.pick(['same', 'valid'] as const);
  return {
    inputs: { x: random.tensor([random.integer(1, 2), ...size, random.integer(1, 2)]) },
    run: ({ x }) => tf.maxPool3d(x as tf.Tensor5D, kernel, strides, pad),
    gradients: ['x'],
  };
};

/** Without padding: where there is some, the gradient of tfjs cpu is not the one of its forward pass. */
const average: CaseGenerator = (random) => {
  const kernel = random.integer(1, 4);
  const strides = random.integer(1, 5);
  const size = [random.integer(kernel, 8), random.integer(kernel, 8)];
  return {
    inputs: { x: random.tensor([random.integer(1, 3), ...size, random.integer(1, 4)]) },
    run: ({ x }) => tf.avgPool(x as tf.Tensor4D, kernel, strides, 'valid'),
    gradients: ['x'],
  };
};

/** With padding: against the gradient of the same average, written as sums over channels that are divided by counts. */
const averagePadded: CaseGenerator = (random) => {
  const { size, kernel, strides, pad } = windowChoice2d(random, { blind: false });
  const channels = random.integer(1, 3);
  return {
    inputs: { x: random.tensor([random.integer(1, 2), ...size, channels]) },
    run: ({ x }) => {
      if (tf.getBackend() !== 'cpu') return tf.avgPool(x as tf.Tensor4D, kernel, strides, pad);
      const ones = tf.ones<tf.Rank.R4>([...kernel, channels, 1]);
      const sums = tf.depthwiseConv2d(x as tf.Tensor4D, ones, strides, pad);
      return tf.div(sums, tf.depthwiseConv2d(tf.ones<tf.Rank.R4>(x!.shape as never), ones, strides, pad));
    },
    gradients: ['x'],
  };
};

const average3d: CaseGenerator = (random) => {
  const kernel = random.integer(1, 3);
  const strides = random.integer(1, 4);
  const size = [random.integer(kernel, 5), random.integer(kernel, 5), random.integer(kernel, 5)];
  return {
    inputs: { x: random.tensor([random.integer(1, 2), ...size, random.integer(1, 2)]) },
    run: ({ x }) => tf.avgPool3d(x as tf.Tensor5D, kernel, strides, 'valid'),
    gradients: ['x'],
  };
};

/** Against the gradient of two products with the matrices of the resizing, which are checked by the forward pass. */
function resize(op: 'resizeBilinear' | 'resizeNearestNeighbor'): CaseGenerator {
  const matrix = op === 'resizeBilinear' ? linearMatrix : nearestMatrix;
  return (random) => {
    const [batch, height, width, channels] = [
      random.integer(1, 3),
      random.integer(1, 7),
      random.integer(1, 7),
      random.integer(1, 3),
    ];
    const factor = random.integer(2, 3);
    const size: [number, number] = random.chance(0.3)
      ? [height * factor, width * factor]
      : [resizedLength(random, height), resizedLength(random, width)];
    const alignment = random.pick(['plain', 'corners', 'centers'] as const);
    const flags = { alignCorners: alignment === 'corners', halfPixelCenters: alignment === 'centers' };
    const along = (x: tf.Tensor, axis: number, original: number, resized: number) => {
      const weights = tf.tensor2d(matrix(original, resized, flags), [original, resized]);
      const order = [0, 1, 2, 3].filter((other) => other !== axis);
      const rows = tf.reshape(tf.transpose(x, [...order, axis]), [-1, original]);
      const lengths = [...order.map((other) => x.shape[other]!), resized];
      const back = [0, 1, 2, 3].map((other) => (other === axis ? 3 : order.indexOf(other)));
      return tf.transpose(tf.reshape(tf.matMul(rows, weights), lengths), back);
    };
    return {
      inputs: { images: random.tensor([batch, height, width, channels]) },
      run: ({ images }) =>
        tf.getBackend() === 'cpu'
          ? along(along(images!, 1, height, size[0]), 2, width, size[1])
          : tf.image[op](images as tf.Tensor4D, size, flags.alignCorners, flags.halfPixelCenters),
      gradients: ['images'],
    };
  };
}

/** Against the gradient of tfjs cpu, which is right for one square picture and plain pixel centers. */
function resizeSquare(op: 'resizeBilinear' | 'resizeNearestNeighbor'): CaseGenerator {
  return (random) => {
    const corners = random.chance(0.5);
    // tfjs cpu never returns where it aligns the corners of a single pixel.
    const length = random.integer(corners ? 2 : 1, 7);
    const size = resizedLength(random, length);
    return {
      inputs: { images: random.tensor([1, length, length, random.integer(1, 3)]) },
      run: ({ images }) => tf.image[op](images as tf.Tensor4D, [size, size], corners),
      gradients: ['images'],
    };
  };
}

export const gradientCases: CaseTable = {
  Conv2DBackpropFilter: filter2d,
  Conv3DBackpropFilterV2: convolution3d,
  Conv3DBackpropInputV2: convolution3d,
  DepthwiseConv2dNativeBackpropInput: depthwise,
  DepthwiseConv2dNativeBackpropFilter: depthwise,
  AvgPoolGrad: [average, averagePadded],
  MaxPoolGrad: max,
  AvgPool3DGrad: average3d,
  MaxPool3DGrad: max3d,
  ResizeNearestNeighborGrad: [resize('resizeNearestNeighbor'), resizeSquare('resizeNearestNeighbor')],
  ResizeBilinearGrad: [resize('resizeBilinear'), resizeSquare('resizeBilinear')],
};
