import type { Value } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { KernelCall, KernelTable, TraceKernel } from '../kernel';
import { convolveBack } from './convolution';
import { elementwise, filled, input, sizeOf, where } from './lowering';
import { pool2dWindows, pool3dWindows } from './pool';
import type { Windows } from './windows';
import { enter, leave, padToWindows, range, taps } from './windows';

/** Below every finite float32. */
const lowest = -3.4e38;

/** Channels are independent in a pool: `[N, C, …spatial]` becomes `[N·C, …spatial]`. */
function apart(graph: GraphBuilder, x: Value, windows: Windows): Value {
  const first = enter(graph, x, windows);
  return graph.reshape(first, [first.shape[0]! * first.shape[1]!, ...first.shape.slice(2)]);
}

/** Gives shares `[N·C, taps, …output]` back to the positions in the windows that they belong to. */
function giveBack(graph: GraphBuilder, shares: Value, kernels: Value, windows: Windows): Value {
  const single = { ...windows, batch: shares.shape[0]!, inChannels: 1, outChannels: shares.shape[1]! };
  const dx = convolveBack(graph, shares, kernels, single);
  return leave(graph, graph.reshape(dx, [windows.batch, windows.inChannels, ...windows.input]), windows);
}

/** How many elements, not counting padding, each window sees: `[…output]`, row by row. */
function windowSizes({ input: lengths, output, kernel, strides, begin }: Windows): Float32Array {
  const counts = output.map((windowCount, axis) =>
    range(0, windowCount).map((index) => {
      const start = index * strides[axis]! - begin[axis]!;
      return Math.min(start + kernel[axis]!, lengths[axis]!) - Math.max(start, 0);
    }),
  );
  return Float32Array.from(
    counts.reduce((sizes, axis) => sizes.flatMap((size) => axis.map((count) => size * count)), [1]),
  );
}

/**
 * Padding is not counted, as in the forward pass and in TensorFlow. (tfjs cpu divides by the whole window here,
 * which is not the gradient of its own forward pass where there is padding.)
 */
function averagePoolGradient(call: KernelCall, windows: Windows): Value {
  const { graph } = call;
  const dy = apart(graph, input(call, 'dy'), windows);
  if (sizeOf(dy.shape) === 0) return filled(graph, input(call, 'input').shape, 0, 'float32');
  const full = sizeOf(windows.kernel);
  const sizes = windowSizes(windows);
  const divisor = sizes.every((size) => size === full)
    ? graph.scalar(full, 'float32')
    : graph.constant(sizes, windows.output);
  const share = elementwise(graph, 'Div', [dy, divisor]);
  const ones = graph.constant(new Float32Array(full).fill(1), [1, 1, ...windows.kernel]);
  return giveBack(graph, graph.reshape(share, [dy.shape[0]!, 1, ...windows.output]), ones, windows);
}

/** The slope goes to the largest element of each window: of equal ones to the first, or to the last. */
function maxPoolGradient(call: KernelCall, windows: Windows, equal: 'first' | 'last'): Value {
  const { graph } = call;
  const dy = apart(graph, input(call, 'dy'), windows);
  if (sizeOf(dy.shape) === 0) return filled(graph, input(call, 'input').shape, 0, 'float32');
  const x = apart(graph, graph.cast(input(call, 'input'), 'float32'), windows);
  const [rows, tapCount] = [x.shape[0]!, sizeOf(windows.kernel)];
  const seen = taps(graph, padToWindows(graph, x, windows, lowest, 1), windows, 1);
  const candidates = seen.map((tap) => graph.reshape(tap, [rows, 1, ...windows.output]));
  const shape = [rows, tapCount, ...windows.output];
  const all =
    tapCount === 1 ? candidates[0]! : graph.op('Concat', candidates, { shape, dtype: 'float32' }, { axis: 1 });
  const winner = graph.op(
    'ArgMax',
    [all],
    { shape: [rows, 1, ...windows.output], dtype: 'int64' },
    { axis: 1, keepdims: 1, select_last_index: equal === 'last' ? 1 : 0 },
  );
  const ids = graph.int64(range(0, tapCount), [tapCount, ...windows.output.map(() => 1)]);
  const wins = elementwise(graph, 'Equal', [winner, ids], 'bool');
  const slopes = graph.reshape(dy, [rows, 1, ...windows.output]);
  const shares = where(graph, wins, slopes, graph.scalar(0, 'float32'));
  const oneHot = new Float32Array(tapCount * tapCount);
  for (let tap = 0; tap < tapCount; tap += 1) oneHot[tap * (tapCount + 1)] = 1;
  return giveBack(graph, shares, graph.constant(oneHot, [tapCount, 1, ...windows.kernel]), windows);
}

const averageGradient2d: TraceKernel = (call) =>
  averagePoolGradient(call, pool2dWindows(call, 'AvgPoolGrad', input(call, 'input').shape));
const averageGradient3d: TraceKernel = (call) =>
  averagePoolGradient(call, pool3dWindows(call, input(call, 'input').shape));
const maxGradient2d: TraceKernel = (call) =>
  maxPoolGradient(call, pool2dWindows(call, 'MaxPoolGrad', input(call, 'input').shape), 'first');
// tfjs cpu lets the last of equal elements win in three dimensions.
const maxGradient3d: TraceKernel = (call) =>
  maxPoolGradient(call, pool3dWindows(call, input(call, 'input').shape), 'last');

/** Gradients of pools. */
export const poolGradientKernels: KernelTable = {
  AvgPoolGrad: averageGradient2d,
  MaxPoolGrad: maxGradient2d,
  AvgPool3DGrad: averageGradient3d,
  MaxPool3DGrad: maxGradient3d,
};
