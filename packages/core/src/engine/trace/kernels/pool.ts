import type { AvgPool3DAttrs, AvgPoolAttrs, MaxPool3DAttrs, MaxPoolAttrs } from '@tensorflow/tfjs-core';
import { backend_util } from '@tensorflow/tfjs-core';
import type { Value } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { KernelCall, KernelTable, TraceKernel } from '../kernel';
import { attributesOf, input, refusal } from './lowering';
import type { Windows } from './windows';
import { enter, leave, padsOf, padToWindows, skipUnseen, windows2d, windows3d } from './windows';

/** Windows of a 2-D pool over a tensor of that shape. */
export function pool2dWindows(call: KernelCall, kernel: string, shape: readonly number[]): Windows {
  const { filterSize, strides, pad, dimRoundingMode } = attributesOf<MaxPoolAttrs & AvgPoolAttrs>(call);
  const info = backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
  return windows2d(kernel, info, pad);
}

/** Windows of a 3-D pool over a tensor of that shape. */
export function pool3dWindows(call: KernelCall, shape: readonly number[]): Windows {
  const { filterSize, strides, pad, dimRoundingMode, dataFormat } = attributesOf<MaxPool3DAttrs & AvgPool3DAttrs>(call);
  const info = backend_util.computePool3DInfo(
    shape as [number, number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
    dataFormat,
  );
  return windows3d(info);
}

/** ONNX Runtime refuses padding as wide as the kernel, because such windows see nothing. */
function hasBlindWindows({ begin, end, kernel }: Windows): boolean {
  return kernel.some((length, axis) => begin[axis]! >= length || end[axis]! >= length);
}

function poolNode(
  graph: GraphBuilder,
  op: 'MaxPool' | 'AveragePool',
  x: Value,
  windows: Windows,
  pads: number[],
): Value {
  const attributes = { kernel_shape: windows.kernel, strides: windows.strides, pads };
  return graph.op(
    op,
    [x],
    { shape: [windows.batch, windows.inChannels, ...windows.output], dtype: 'float32' },
    op === 'AveragePool' ? { ...attributes, count_include_pad: 0 } : attributes,
  );
}

/** Windows that see nothing yield the lowest finite number, where tfjs cpu yields −∞. */
function maxPool(call: KernelCall, windows: Windows): Value {
  const { graph } = call;
  const x = input(call, 'x');
  const blind = hasBlindWindows(windows);
  if (blind && x.dtype !== 'float32') {
    throw refusal(
      'MaxPool',
      `pads ${padsOf(windows)} leave windows of ${windows.kernel} without any ${x.dtype} element`,
    );
  }
  const visible = skipUnseen(graph, enter(graph, graph.cast(x, 'float32'), windows), windows);
  const padded = blind ? padToWindows(graph, visible, windows, -Infinity, 2) : visible;
  const pads = padsOf(windows).map((amount) => (blind ? 0 : amount));
  return graph.cast(leave(graph, poolNode(graph, 'MaxPool', padded, windows, pads), windows), x.dtype);
}

/** Padding is not counted. */
function averagePool(call: KernelCall, kernel: string, windows: Windows): Value {
  const { graph } = call;
  if (hasBlindWindows(windows)) {
    throw refusal(kernel, `pads ${padsOf(windows)} leave windows of ${windows.kernel} with nothing to average`);
  }
  const x = input(call, 'x');
  const visible = skipUnseen(graph, enter(graph, graph.cast(x, 'float32'), windows), windows);
  return leave(graph, poolNode(graph, 'AveragePool', visible, windows, padsOf(windows)), windows);
}

const pooled =
  (kernel: 'MaxPool' | 'AvgPool', rank: 2 | 3): TraceKernel =>
  (call) => {
    const { shape } = input(call, 'x');
    const windows = rank === 2 ? pool2dWindows(call, kernel, shape) : pool3dWindows(call, shape);
    return kernel === 'MaxPool' ? maxPool(call, windows) : averagePool(call, kernel, windows);
  };

/** Pools over two and three axes. */
export const poolKernels: KernelTable = {
  MaxPool: pooled('MaxPool', 2),
  AvgPool: pooled('AvgPool', 2),
  MaxPool3D: pooled('MaxPool', 3),
  AvgPool3D: pooled('AvgPool', 3),
};
