import type { backend_util } from '@tensorflow/tfjs-core';
import type { Value } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import { padConstant, refusal, slice } from './lowering';

/** Windows sliding over the spatial axes (2 or 3) of a convolution or a pool; one number an axis. */
export interface Windows {
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  /** Spatial lengths of what the windows slide over. */
  readonly input: readonly number[];
  /** How many windows there are. */
  readonly output: readonly number[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  /** Padding before the first element. Negative: the elements before the first window (3-D `same`, stride > kernel). */
  readonly begin: readonly number[];
  /** How far the last window reaches beyond the last element; negative where it ends before it. */
  readonly end: readonly number[];
  readonly channelsLast: boolean;
}

type Conv2DInfo = backend_util.Conv2DInfo;
type Conv3DInfo = ReturnType<typeof backend_util.computeConv3DInfo>;

/**
 * Windows over two axes.
 *
 * @throws {EngineError} `not-traceable` for a numeric pad where kernel or strides differ between the axes: tfjs 4.22
 *   computes the output width from the height's kernel and stride.
 */
export function windows2d(kernel: string, info: Conv2DInfo, pad: unknown): Windows {
  const unequal = info.effectiveFilterHeight !== info.effectiveFilterWidth || info.strideHeight !== info.strideWidth;
  if (typeof pad === 'number' && unequal) {
    const found = `kernel ${info.filterHeight}x${info.filterWidth}, strides ${info.strideHeight}x${info.strideWidth}`;
    throw refusal(
      kernel,
      `pad ${pad} is a number, but height and width differ (${found}); use 'valid', 'same' or one pair of numbers an axis`,
    );
  }
  return withEnds({
    batch: info.batchSize,
    inChannels: info.inChannels,
    outChannels: info.outChannels,
    input: [info.inHeight, info.inWidth],
    output: [info.outHeight, info.outWidth],
    kernel: [info.filterHeight, info.filterWidth],
    strides: [info.strideHeight, info.strideWidth],
    dilations: [info.dilationHeight, info.dilationWidth],
    begin: [info.padInfo.top, info.padInfo.left],
    channelsLast: info.dataFormat === 'channelsLast',
  });
}

/** Windows over three axes. */
export function windows3d(info: Conv3DInfo): Windows {
  return withEnds({
    batch: info.batchSize,
    inChannels: info.inChannels,
    outChannels: info.outChannels,
    input: [info.inDepth, info.inHeight, info.inWidth],
    output: [info.outDepth, info.outHeight, info.outWidth],
    kernel: [info.filterDepth, info.filterHeight, info.filterWidth],
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    dilations: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
    begin: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
    channelsLast: info.dataFormat === 'channelsLast',
  });
}

function withEnds(windows: Omit<Windows, 'end'>): Windows {
  const end = windows.output.map((count, axis) => {
    const reach = (windows.kernel[axis]! - 1) * windows.dilations[axis]! + 1;
    return (count - 1) * windows.strides[axis]! + reach - windows.begin[axis]! - windows.input[axis]!;
  });
  return { ...windows, end };
}

/** `pads` of ONNX: all begins, then all ends. What lies before the first window is {@link skipUnseen}'s business. */
export function padsOf({ begin, end }: Windows): number[] {
  return [...begin, ...end].map((amount) => Math.max(0, amount));
}

/** `[N, …spatial, C]` to `[N, C, …spatial]`. */
export function toChannelsFirst(graph: GraphBuilder, x: Value): Value {
  const rank = x.shape.length;
  return graph.transpose(x, [0, rank - 1, ...range(1, rank - 1)]);
}

/** `[N, C, …spatial]` to `[N, …spatial, C]`. */
export function toChannelsLast(graph: GraphBuilder, x: Value): Value {
  const rank = x.shape.length;
  return graph.transpose(x, [0, ...range(2, rank), 1]);
}

/** The input of a kernel in ONNX layout, whatever its `dataFormat`. */
export function enter(graph: GraphBuilder, x: Value, { channelsLast }: Windows): Value {
  return channelsLast ? toChannelsFirst(graph, x) : x;
}

/** The output of a kernel in the layout that its `dataFormat` asks for. */
export function leave(graph: GraphBuilder, x: Value, { channelsLast }: Windows): Value {
  return channelsLast ? toChannelsLast(graph, x) : x;
}

/** Filter `[…kernel, I, O]` to ONNX's `[O, I, …kernel]`: the inverse of what the recipes do to PyTorch's weights. */
export function toOutInKernel(graph: GraphBuilder, filter: Value): Value {
  const rank = filter.shape.length;
  return graph.transpose(filter, [rank - 1, rank - 2, ...range(0, rank - 2)]);
}

/** Depthwise filter `[kh, kw, C, M]` to `[C·M, 1, kh, kw]`, channel `c·M + m`. */
export function toDepthwiseKernel(graph: GraphBuilder, filter: Value): Value {
  const [height, width, channels, multiplier] = filter.shape as [number, number, number, number];
  return graph.reshape(graph.transpose(filter, [2, 3, 0, 1]), [channels * multiplier, 1, height, width]);
}

/** Cuts off what lies before the first window. `x` is `[N, C, …spatial]`. */
export function skipUnseen(graph: GraphBuilder, x: Value, { begin }: Windows): Value {
  if (begin.every((amount) => amount >= 0)) return x;
  const skipped = [0, 0, ...begin.map((amount) => Math.max(0, -amount))];
  return slice(
    graph,
    x,
    skipped,
    x.shape.map((length, axis) => length - skipped[axis]!),
  );
}

/** `x` (`[…, …spatial]`, `leading` other axes first) padded with `value`, so that every window lies inside. */
export function padToWindows(
  graph: GraphBuilder,
  x: Value,
  { begin, end }: Windows,
  value: number,
  leading: number,
): Value {
  const amounts = begin.map((before, axis) => [Math.max(0, before), Math.max(0, end[axis]!)] as const);
  const none = x.shape.map(() => [0, 0] as const);
  const trailing = none.slice(leading + begin.length);
  return padConstant(graph, x, [...none.slice(0, leading), ...amounts, ...trailing], value);
}

/**
 * For every position in the kernel, row by row, what all windows see there: `output` many elements of the spatial
 * axes, which begin at axis `leading`. `x` must be padded already.
 */
export function taps(graph: GraphBuilder, x: Value, windows: Windows, leading: number): Value[] {
  const { kernel, strides, dilations, begin, output } = windows;
  const positions = kernel.reduce<number[][]>(
    (all, length) => all.flatMap((position) => range(0, length).map((index) => [...position, index])),
    [[]],
  );
  const spread = (values: readonly number[], rest: (axis: number) => number) =>
    x.shape.map((_, axis) => values[axis - leading] ?? rest(axis));
  return positions.map((position) => {
    const starts = position.map((index, axis) => index * dilations[axis]! + Math.max(0, -begin[axis]!));
    return slice(
      graph,
      x,
      spread(starts, () => 0),
      spread(output, (axis) => x.shape[axis]!),
      spread(strides, () => 1),
    );
  });
}

/** Whole numbers from `start` up to, not including, `stop`. */
export function range(start: number, stop: number): number[] {
  return Array.from({ length: Math.max(0, stop - start) }, (_, index) => start + index);
}
