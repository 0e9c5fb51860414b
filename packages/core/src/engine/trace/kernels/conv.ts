import type {
  Conv2DAttrs,
  Conv2DBackpropInputAttrs,
  Conv3DAttrs,
  DepthwiseConv2dNativeAttrs,
  FusedConv2DAttrs,
} from '@tensorflow/tfjs-core';
import { backend_util } from '@tensorflow/tfjs-core';
import type { Value } from '../graph';
import type { KernelCall, KernelTable, TraceKernel } from '../kernel';
import type { FusedActivation } from './activation';
import { activate } from './activation';
import { fusedBatchNorm } from './batch-norm';
import { convolve, convolveBack } from './convolution';
import { attributesOf, elementwise, filled, input, sizeOf } from './lowering';
import type { Windows } from './windows';
import { enter, leave, toDepthwiseKernel, toOutInKernel, windows2d, windows3d } from './windows';

type Shape4D = [number, number, number, number];
type Shape5D = [number, number, number, number, number];

function conv2dWindows(call: KernelCall, kernel: string, depthwise: boolean): Windows {
  const { strides, pad, dataFormat, dilations, dimRoundingMode } = attributesOf<
    Conv2DAttrs & DepthwiseConv2dNativeAttrs
  >(call);
  const info = backend_util.computeConv2DInfo(
    input(call, 'x').shape as Shape4D,
    input(call, 'filter').shape as Shape4D,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
    backend_util.convertConv2DDataFormat(dataFormat ?? 'NHWC'),
  );
  return windows2d(kernel, info, pad);
}

function outputShape({ batch, outChannels, output, channelsLast }: Windows): number[] {
  return channelsLast ? [batch, ...output, outChannels] : [batch, outChannels, ...output];
}

/** Transpose, Conv, bias and activation where they fit into channels-first layout, Transpose, and what is left. */
function convolution(call: KernelCall, windows: Windows, depthwise: boolean, fused: FusedActivation = {}): Value {
  const { graph, inputs } = call;
  const { bias, preluActivationWeights } = inputs;
  const shape = outputShape(windows);
  if (sizeOf(shape) === 0) return filled(graph, shape, 0, 'float32');
  const filter = input(call, 'filter');
  const perChannel = bias && sizeOf(bias.shape) === windows.outChannels && bias.shape.length === 1;
  const early = fused.activation !== 'prelu' && (!bias || perChannel);
  const y = convolve(
    graph,
    enter(graph, input(call, 'x'), windows),
    depthwise ? toDepthwiseKernel(graph, filter) : toOutInKernel(graph, filter),
    windows,
    { bias: perChannel ? bias : null, groups: depthwise ? windows.inChannels : 1 },
  );
  if (early) return leave(graph, activate(graph, y, fused), windows);
  const left = leave(graph, y, windows);
  const sum = bias && !perChannel ? elementwise(graph, 'Add', [left, bias]) : left;
  // With channels first tfjs lines one slope a channel up with the channels, not with the last axis.
  const slope =
    !windows.channelsLast && preluActivationWeights?.shape.length === 1
      ? graph.reshape(preluActivationWeights, [preluActivationWeights.shape[0]!, 1, 1])
      : preluActivationWeights;
  return activate(graph, sum, fused, slope);
}

const conv2d: TraceKernel = (call) => convolution(call, conv2dWindows(call, 'Conv2D', false), false);
const fusedConv2d: TraceKernel = (call) =>
  convolution(call, conv2dWindows(call, 'FusedConv2D', false), false, attributesOf<FusedConv2DAttrs>(call));
const depthwiseConv2d: TraceKernel = (call) =>
  convolution(call, conv2dWindows(call, 'DepthwiseConv2dNative', true), true);
const fusedDepthwiseConv2d: TraceKernel = (call) =>
  convolution(call, conv2dWindows(call, 'FusedDepthwiseConv2D', true), true, attributesOf<FusedConv2DAttrs>(call));

const conv3d: TraceKernel = (call) => {
  const { strides, pad, dilations } = attributesOf<Conv3DAttrs>(call);
  const info = backend_util.computeConv3DInfo(
    input(call, 'x').shape as Shape5D,
    input(call, 'filter').shape as Shape5D,
    strides,
    dilations,
    pad,
  );
  return convolution(call, windows3d(info), false);
};

/** `conv2dTranspose`, and the gradient of `conv2d` by its input. */
const conv2dBackpropInput: TraceKernel = (call) => {
  const { graph } = call;
  const { strides, pad, dataFormat, dimRoundingMode, inputShape } = attributesOf<Conv2DBackpropInputAttrs>(call);
  const filter = input(call, 'filter');
  const info = backend_util.computeConv2DInfo(
    inputShape,
    filter.shape as Shape4D,
    strides,
    1,
    pad,
    dimRoundingMode,
    false,
    backend_util.convertConv2DDataFormat(dataFormat ?? 'NHWC'),
  );
  const windows = windows2d('Conv2DBackpropInput', info, pad);
  const dx = convolveBack(graph, enter(graph, input(call, 'dy'), windows), toOutInKernel(graph, filter), windows);
  return leave(graph, dx, windows);
};

/** Convolutions, the transposed one, and the normalisation that belongs to them. */
export const convKernels: KernelTable = {
  Conv2D: conv2d,
  FusedConv2D: fusedConv2d,
  DepthwiseConv2dNative: depthwiseConv2d,
  FusedDepthwiseConv2D: fusedDepthwiseConv2d,
  Conv3D: conv3d,
  Conv2DBackpropInput: conv2dBackpropInput,
  FusedBatchNorm: fusedBatchNorm,
};
