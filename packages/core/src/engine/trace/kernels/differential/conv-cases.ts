import * as tf from '@tensorflow/tfjs-core';
import type { CaseGenerator, CaseTable } from './harness';
import type { Random } from './random';
import { windowChoice2d, windowChoice3d } from './window-choices';

type Fused = Parameters<typeof tf.fused.conv2d>[0];

/** Sums of many products stay small, so that rounding does: gradients go through `sin`. */
const small = { from: -0.7, to: 0.7 };

function picture(random: Random, [height, width]: readonly [number, number], channels: number, format = 'NHWC') {
  const batch = random.integer(1, 3);
  return random.tensor(
    format === 'NHWC' ? [batch, height, width, channels] : [batch, channels, height, width],
    'float32',
    small,
  );
}

const plain: CaseGenerator = (random) => {
  const format = random.pick(['NHWC', 'NHWC', 'NHWC', 'NCHW'] as const);
  const { size, kernel, strides, dilations, pad, rounding } = windowChoice2d(random, {
    dilated: random.chance(0.3),
    rounded: true,
    format,
  });
  const [channels, outputs] = [random.integer(1, 5), random.integer(1, 5)];
  const plainStrides = Math.max(...dilations) === 1 && !rounding;
  return {
    inputs: {
      x: picture(random, size, channels, format),
      filter: random.tensor([...kernel, channels, outputs], 'float32', small),
    },
    run: ({ x, filter }) =>
      tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, format, dilations, rounding),
    // tfjs has no gradient of dilated convolutions and forgets the rounding of sizes.
    gradients: plainStrides ? ['x', 'filter'] : [],
  };
};

const oneDimensional: CaseGenerator = (random) => {
  const [channels, outputs, kernel] = [random.integer(1, 5), random.integer(1, 5), random.integer(1, 5)];
  const dilation = random.pick([1, 1, 2, 3]);
  const stride = dilation > 1 ? 1 : random.integer(1, 4);
  const pad = random.pick(['same', 'valid'] as const);
  const length = random.integer((kernel - 1) * dilation + 1, 24);
  return {
    inputs: {
      x: random.tensor([random.integer(1, 2), length, channels], 'float32', small),
      filter: random.tensor([kernel, channels, outputs], 'float32', small),
    },
    run: ({ x, filter }) => tf.conv1d(x as tf.Tensor3D, filter as tf.Tensor3D, stride, pad, 'NWC', dilation),
    gradients: dilation === 1 ? ['x', 'filter'] : [],
  };
};

const depthwise: CaseGenerator = (random) => {
  const { size, kernel, strides, dilations, pad } = windowChoice2d(random, { dilated: random.chance(0.3) });
  const [channels, multiplier] = [random.integer(1, 5), random.integer(1, 3)];
  const x = picture(random, size, channels);
  return {
    inputs: { x, filter: random.tensor([...kernel, channels, multiplier], 'float32', small) },
    run: ({ x: input, filter }) =>
      tf.depthwiseConv2d(input as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, 'NHWC', dilations),
    gradients: Math.max(...dilations) === 1 ? ['x', 'filter'] : [],
  };
};

/** A bias of one number a channel or of one number; every activation that tfjs fuses. */
function fused(kind: 'conv2d' | 'depthwiseConv2d'): CaseGenerator {
  const convolve = tf.fused[kind] as (options: Fused) => tf.Tensor;
  return (random) => {
    const { size, kernel, strides, dilations, pad } = windowChoice2d(random, { dilated: random.chance(0.2) });
    const [channels, last] = [random.integer(1, 4), random.integer(1, 4)];
    const outputs = kind === 'conv2d' ? last : channels * last;
    const activation = random.pick(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu'] as const);
    const withBias = random.chance(0.8);
    return {
      inputs: {
        x: picture(random, size, channels),
        filter: random.tensor([...kernel, channels, last], 'float32', small),
        ...(withBias ? { bias: random.tensor(random.pick([[outputs], [outputs], [1]])) } : {}),
        ...(activation === 'prelu' ? { slope: random.tensor(random.pick([[outputs], [1, 1, outputs]])) } : {}),
      },
      run: (inputs) =>
        convolve({
          x: inputs['x'],
          filter: inputs['filter'],
          strides,
          pad,
          dilations,
          activation,
          ...(withBias ? { bias: inputs['bias'] } : {}),
          ...(activation === 'prelu' ? { preluActivationWeights: inputs['slope'] } : {}),
          ...(activation === 'leakyrelu' ? { leakyreluAlpha: 0.3 } : {}),
        } as Fused),
    };
  };
}

const fusedChannelsFirst: CaseGenerator = (random) => {
  const { size, kernel, strides, pad } = windowChoice2d(random, { format: 'NCHW' });
  const [channels, outputs] = [random.integer(1, 4), random.integer(1, 4)];
  const activation = random.pick(['relu', 'prelu', 'linear'] as const);
  return {
    inputs: {
      x: picture(random, size, channels, 'NCHW'),
      filter: random.tensor([...kernel, channels, outputs], 'float32', small),
      bias: random.tensor(random.pick([[outputs], [1]])),
      slope: random.tensor([outputs]),
    },
    run: ({ x, filter, bias, slope }) =>
      tf.fused.conv2d({
        x,
        filter,
        strides,
        pad,
        dataFormat: 'NCHW',
        bias,
        activation,
        ...(activation === 'prelu' ? { preluActivationWeights: slope } : {}),
      } as Fused),
  };
};

/** With both of its gradients. */
export const convolution3d: CaseGenerator = (random) => {
  const { kernel, strides, pad, size } = windowChoice3d(random);
  const [channels, outputs] = [random.integer(1, 3), random.integer(1, 3)];
  return {
    inputs: {
      x: random.tensor([random.integer(1, 2), ...size, channels], 'float32', small),
      filter: random.tensor([...kernel, channels, outputs], 'float32', small),
    },
    run: ({ x, filter }) => tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, strides, pad),
    gradients: ['x', 'filter'],
  };
};

const threeDilated: CaseGenerator = (random) => {
  const [channels, outputs, dilation] = [random.integer(1, 3), random.integer(1, 3), random.integer(1, 2)];
  const pad = random.pick(['same', 'valid'] as const);
  return {
    inputs: {
      x: random.tensor([1, 5, 6, 7, channels]),
      filter: random.tensor([2, 3, 2, channels, outputs], 'float32', small),
    },
    run: ({ x, filter }) => tf.conv3d(x as tf.Tensor5D, filter as tf.Tensor5D, 1, pad, 'NDHWC', dilation),
  };
};

/** Output sizes that the windows cover exactly, and ones that end in zeros. */
export const transposed: CaseGenerator = (random) => {
  const { size, kernel, strides, pad } = windowChoice2d(random);
  const [channels, outputs, batch] = [random.integer(1, 4), random.integer(1, 4), random.integer(1, 2)];
  const info = tf.backend_util.computeConv2DInfo(
    [batch, ...size, channels],
    [...kernel, channels, outputs],
    strides,
    1,
    pad,
  );
  return {
    inputs: {
      x: random.tensor(info.outShape, 'float32', small),
      filter: random.tensor([...kernel, channels, outputs], 'float32', small),
    },
    run: ({ x, filter }) =>
      tf.conv2dTranspose(x as tf.Tensor4D, filter as tf.Tensor4D, [batch, ...size, channels], strides, pad),
    gradients: ['x', 'filter'],
  };
};

const normalized: CaseGenerator = (random) => {
  const shape = random.shape({ minRank: 2, maxRank: 4 });
  const channels = [shape.at(-1)!];
  const [withScale, withOffset] = [random.chance(0.7), random.chance(0.7)];
  const epsilon = random.pick([1e-5, 1e-2, undefined]);
  return {
    inputs: {
      x: random.tensor(shape),
      mean: random.tensor(channels),
      variance: random.tensor(channels, 'float32', { from: 0.1, to: 3 }),
      scale: random.tensor(channels),
      offset: random.tensor(channels),
    },
    run: ({ x, mean, variance, scale, offset }) =>
      tf.batchNorm(
        x!,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        withOffset ? (offset as tf.Tensor1D) : undefined,
        withScale ? (scale as tf.Tensor1D) : undefined,
        epsilon,
      ),
    gradients: withScale && withOffset ? ['x', 'mean', 'variance', 'scale', 'offset'] : [],
  };
};

export const convCases: CaseTable = {
  Conv2D: [plain, plain, oneDimensional],
  FusedConv2D: [fused('conv2d'), fused('conv2d'), fusedChannelsFirst],
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2D: fused('depthwiseConv2d'),
  Conv3D: [convolution3d, threeDilated],
  Conv2DBackpropInput: transposed,
  FusedBatchNorm: normalized,
};
