import type {
  Conv2DBackpropFilterAttrs,
  Conv3DBackpropFilterV2Attrs,
  Conv3DBackpropInputV2Attrs,
  DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInputAttrs,
} from '@tensorflow/tfjs-core';
import { backend_util } from '@tensorflow/tfjs-core';
import type { Value } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { KernelTable, TraceKernel } from '../kernel';
import { convolveBack } from './convolution';
import { attributesOf, elementwise, filled, input, sizeOf } from './lowering';
import type { Windows } from './windows';
import {
  enter,
  leave,
  padToWindows,
  range,
  taps,
  toChannelsLast,
  toDepthwiseKernel,
  toOutInKernel,
  windows2d,
  windows3d,
} from './windows';

type Shape4D = [number, number, number, number];
type Shape5D = [number, number, number, number, number];

/**
 * Gradient of a convolution by its filter as one product: every row is what one window saw (im2col), so that the
 * product has as many columns as the convolution has output channels. Convolving x with dy instead would give it as
 * many columns as the kernel has elements.
 */
function filterGradient(
  graph: GraphBuilder,
  x: Value,
  dy: Value,
  windows: Windows,
  filterShape: readonly number[],
): Value {
  if (sizeOf(dy.shape) === 0 || sizeOf(x.shape) === 0) return filled(graph, filterShape, 0, 'float32');
  const [images, slopes] = windows.channelsLast ? [x, dy] : [toChannelsLast(graph, x), toChannelsLast(graph, dy)];
  const seen = taps(graph, padToWindows(graph, images, windows, 0, 1), windows, 1);
  const shape = [windows.batch, ...windows.output, seen.length * windows.inChannels];
  const rank = shape.length;
  const columns =
    seen.length === 1 ? seen[0]! : graph.op('Concat', seen, { shape, dtype: 'float32' }, { axis: rank - 1 });
  const [windowCount, inputs] = [sizeOf(shape.slice(0, -1)), shape.at(-1)!];
  const left = graph.reshape(columns, [windowCount, inputs]);
  const right = graph.reshape(slopes, [windowCount, windows.outChannels]);
  // `transA`, not a transpose: that would pull the one above the taps down to where it is as large as all of them.
  const type = { shape: [inputs, windows.outChannels], dtype: 'float32' } as const;
  const product = graph.op('Gemm', [left, right], type, { transA: 1 });
  return graph.reshape(product, filterShape);
}

const conv2dBackpropFilter: TraceKernel = (call) => {
  const x = input(call, 'x');
  const { strides, pad, dataFormat, dimRoundingMode, filterShape } = attributesOf<Conv2DBackpropFilterAttrs>(call);
  const info = backend_util.computeConv2DInfo(
    x.shape as Shape4D,
    filterShape,
    strides,
    1,
    pad,
    dimRoundingMode,
    false,
    backend_util.convertConv2DDataFormat(dataFormat ?? 'NHWC'),
  );
  const windows = windows2d('Conv2DBackpropFilter', info, pad);
  return filterGradient(call.graph, x, input(call, 'dy'), windows, filterShape);
};

const conv3dBackpropFilter: TraceKernel = (call) => {
  const x = input(call, 'x');
  const { strides, pad, filterShape } = attributesOf<Conv3DBackpropFilterV2Attrs>(call);
  const info = backend_util.computeConv3DInfo(x.shape as Shape5D, filterShape, strides, 1, pad);
  return filterGradient(call.graph, x, input(call, 'dy'), windows3d(info), filterShape);
};

const conv3dBackpropInput: TraceKernel = (call) => {
  const { graph } = call;
  const filter = input(call, 'filter');
  const { strides, pad, inputShape } = attributesOf<Conv3DBackpropInputV2Attrs>(call);
  const windows = windows3d(backend_util.computeConv3DInfo(inputShape, filter.shape as Shape5D, strides, 1, pad));
  const dx = convolveBack(graph, enter(graph, input(call, 'dy'), windows), toOutInKernel(graph, filter), windows);
  return leave(graph, dx, windows);
};

function depthwiseWindows(
  kernel: string,
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: DepthwiseConv2dNativeBackpropInputAttrs | DepthwiseConv2dNativeBackpropFilterAttrs,
): Windows {
  const { strides, dilations, pad, dimRoundingMode } = attributes;
  const info = backend_util.computeConv2DInfo(
    inputShape as Shape4D,
    filterShape as Shape4D,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    true,
  );
  return windows2d(kernel, info, pad);
}

const depthwiseBackpropInput: TraceKernel = (call) => {
  const { graph } = call;
  const filter = input(call, 'filter');
  const attributes = attributesOf<DepthwiseConv2dNativeBackpropInputAttrs>(call);
  const windows = depthwiseWindows(
    'DepthwiseConv2dNativeBackpropInput',
    attributes.inputShape,
    filter.shape,
    attributes,
  );
  const dy = enter(graph, input(call, 'dy'), windows);
  return leave(graph, convolveBack(graph, dy, toDepthwiseKernel(graph, filter), windows, windows.inChannels), windows);
};

/** Position by position: what all windows saw there, times their slope, summed. */
const depthwiseBackpropFilter: TraceKernel = (call) => {
  const { graph } = call;
  const [x, dy] = [input(call, 'x'), input(call, 'dy')];
  const attributes = attributesOf<DepthwiseConv2dNativeBackpropFilterAttrs>(call);
  const { filterShape } = attributes;
  if (sizeOf(dy.shape) === 0) return filled(graph, filterShape, 0, 'float32');
  const windows = depthwiseWindows('DepthwiseConv2dNativeBackpropFilter', x.shape, filterShape, attributes);
  const [, , channels, multiplier] = filterShape;
  const leading = [windows.batch, ...windows.output];
  const slopes = graph.reshape(dy, [...leading, channels, multiplier]);
  const axes = graph.int64(range(0, leading.length));
  const sums = taps(graph, padToWindows(graph, x, windows, 0, 1), windows, 1).map((seen) => {
    const product = elementwise(graph, 'Mul', [graph.reshape(seen, [...leading, channels, 1]), slopes]);
    const sum = graph.op(
      'ReduceSum',
      [product, axes],
      { shape: [channels, multiplier], dtype: 'float32' },
      { keepdims: 0 },
    );
    return graph.reshape(sum, [1, channels, multiplier]);
  });
  const shape = [sums.length, channels, multiplier];
  const stacked = sums.length === 1 ? sums[0]! : graph.op('Concat', sums, { shape, dtype: 'float32' }, { axis: 0 });
  return graph.reshape(stacked, filterShape);
};

/** Gradients of convolutions. `Conv2DBackpropInput` is a kernel of the forward pass too and lies beside `Conv2D`. */
export const convGradientKernels: KernelTable = {
  Conv2DBackpropFilter: conv2dBackpropFilter,
  Conv3DBackpropFilterV2: conv3dBackpropFilter,
  Conv3DBackpropInputV2: conv3dBackpropInput,
  DepthwiseConv2dNativeBackpropInput: depthwiseBackpropInput,
  DepthwiseConv2dNativeBackpropFilter: depthwiseBackpropFilter,
};
