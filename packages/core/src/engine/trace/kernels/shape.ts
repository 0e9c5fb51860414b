import type {
  BatchToSpaceNDAttrs,
  BroadCastToAttrs,
  DepthToSpaceAttrs,
  ExpandDimsAttrs,
  FillAttrs,
  LinSpaceAttrs,
  MirrorPadAttrs,
  PadV2Attrs,
  RangeAttrs,
  ReshapeAttrs,
  ReverseAttrs,
  SpaceToBatchNDAttrs,
  TileAttrs,
  TransposeAttrs,
} from '@tensorflow/tfjs-core';
import { backend_util, util } from '@tensorflow/tfjs-core';
import type { Value } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { KernelTable, TraceKernel } from '../kernel';
import {
  attributesOf,
  axesOf,
  broadcastShape,
  expand,
  filled,
  input,
  padConstant,
  refusal,
  sizeOf,
  slice,
  tensorType,
  where,
} from './lowering';
import { partKernels } from './shape-parts';

const reshape: TraceKernel = (call) => {
  const x = input(call, 'x');
  const { shape } = attributesOf<ReshapeAttrs>(call);
  return call.graph.reshape(x, util.inferFromImplicitShape(shape, sizeOf(x.shape)));
};

const expandDims: TraceKernel = (call) => {
  const x = input(call, 'input');
  const { dim } = attributesOf<ExpandDimsAttrs>(call);
  const axis = dim < 0 ? dim + x.shape.length + 1 : dim;
  return call.graph.reshape(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]);
};

const transpose: TraceKernel = (call) =>
  call.graph.transpose(input(call, 'x'), attributesOf<TransposeAttrs>(call).perm);

const reverse: TraceKernel = (call) => {
  const x = input(call, 'x');
  const axes = axesOf(attributesOf<ReverseAttrs>(call).dims, x.shape);
  const flipped = (axis: number) => axes.includes(axis) && x.shape[axis]! > 1;
  return slice(
    call.graph,
    x,
    x.shape.map((length, axis) => (flipped(axis) ? length - 1 : 0)),
    x.shape,
    x.shape.map((_, axis) => (flipped(axis) ? -1 : 1)),
  );
};

const padV2: TraceKernel = (call) => {
  const { paddings, constantValue } = attributesOf<PadV2Attrs>(call);
  return padConstant(call.graph, input(call, 'x'), paddings, constantValue);
};

/** ONNX has no symmetric padding: each padded axis is gathered by a constant list of indices. */
function padSymmetric(graph: GraphBuilder, x: Value, paddings: readonly (readonly [number, number])[]): Value {
  return paddings.reduce((padded, [before, after], axis) => {
    if (before === 0 && after === 0) return padded;
    const length = padded.shape[axis]!;
    const indices = Array.from({ length: before + length + after }, (_, position) => {
      const index = position - before;
      if (index < 0) return -index - 1;
      return index < length ? index : 2 * length - 1 - index;
    });
    const shape = padded.shape.with(axis, indices.length);
    return graph.op('Gather', [padded, graph.int64(indices)], { shape, dtype: x.dtype }, { axis });
  }, x);
}

const mirrorPad: TraceKernel = (call) => {
  const { graph } = call;
  const x = input(call, 'x');
  const { paddings, mode } = attributesOf<MirrorPadAttrs>(call);
  if (mode === 'symmetric') return padSymmetric(graph, x, paddings);
  if (paddings.every(([before, after]) => before === 0 && after === 0)) return x;
  const shape = x.shape.map((length, axis) => length + paddings[axis]![0] + paddings[axis]![1]);
  const amounts = graph.int64([...paddings.map(([before]) => before), ...paddings.map(([, after]) => after)]);
  return graph.op('Pad', [x, amounts], { shape, dtype: x.dtype }, { mode: 'reflect' });
};

/** tfjs broadcasts by Tile: where only axes of length 1 repeat, that is an Expand. */
const tile: TraceKernel = (call) => {
  const { graph } = call;
  const x = input(call, 'x');
  const { reps } = attributesOf<TileAttrs>(call);
  const shape = x.shape.map((length, axis) => length * reps[axis]!);
  if (sizeOf(shape) === 0) return filled(graph, shape, 0, tensorType('Tile', x.dtype));
  if (x.shape.every((length, axis) => length === 1 || reps[axis] === 1)) return expand(graph, x, shape);
  return graph.op('Tile', [x, graph.int64(reps)], { shape, dtype: x.dtype });
};

const broadcastTo: TraceKernel = (call) =>
  expand(call.graph, input(call, 'x'), attributesOf<BroadCastToAttrs>(call).shape);

const fill: TraceKernel = (call) => {
  const { shape, value, dtype } = attributesOf<FillAttrs>(call);
  if (typeof value === 'string') throw refusal('Fill', 'strings cannot be compiled');
  return filled(call.graph, shape, Number(value), tensorType('Fill', dtype ?? 'float32'));
};

/** Accumulates in float32, as tfjs does. */
const linSpace: TraceKernel = (call) => {
  const { start, stop, num } = attributesOf<LinSpaceAttrs>(call);
  const values = new Float32Array(num);
  const step = (stop - start) / (num - 1);
  for (let i = 0; i < num; i += 1) values[i] = i === 0 ? start : values[i - 1]! + step;
  return call.graph.constant(values, [num]);
};

/** tfjs's rules: nothing where the direction disagrees with the step, except that a step of 1 follows the direction. */
const range: TraceKernel = (call) => {
  const { start, stop, step, dtype } = attributesOf<RangeAttrs>(call);
  const empty = start === stop || (start < stop && step < 0) || (stop < start && step > 1);
  const length = empty ? 0 : Math.abs(Math.ceil((stop - start) / step));
  const signed = stop < start && step === 1 ? -1 : step;
  const values = dtype === 'int32' ? new Int32Array(length) : new Float32Array(length);
  for (let i = 0; i < length; i += 1) values[i] = i === 0 ? start : values[i - 1]! + signed;
  return call.graph.constant(values, [length]);
};

/** The value before an Expand, since Where broadcasts by itself. */
function unexpanded(x: Value): Value {
  return x.source.kind === 'node' && x.source.node.op === 'Expand' ? x.source.node.inputs[0]! : x;
}

const select: TraceKernel = (call) => {
  const { graph } = call;
  const [t, e] = [input(call, 't'), input(call, 'e')];
  const dtype = tensorType('Select', t.dtype === e.dtype ? t.dtype : upcast(t, e));
  let condition = input(call, 'condition');
  const shape = t.shape;
  // A condition of rank 1 over tensors of a higher rank chooses rows.
  if (condition.shape.length === 1 && shape.length > 1) {
    condition = graph.reshape(condition, [condition.shape[0]!, ...shape.slice(1).map(() => 1)]);
  }
  const [c, then, otherwise] = [unexpanded(condition), unexpanded(t), unexpanded(e)];
  const broadcast = broadcastShape(c.shape, then.shape, otherwise.shape);
  const complete = util.arraysEqual(broadcast, shape as number[]);
  return where(
    graph,
    complete ? c : condition,
    graph.cast(complete ? then : t, dtype),
    graph.cast(complete ? otherwise : e, dtype),
  );
};

function upcast(a: Value, b: Value): string {
  const [first, second] = [tensorType('Select', a.dtype), tensorType('Select', b.dtype)];
  return backend_util.upcastType(first, second);
}

/** `[b, h, w, s·s·d]` to `[b, h·s, w·s, d]`; not ONNX's operator, whose channel order is another. */
const depthToSpace: TraceKernel = (call) => {
  const { graph } = call;
  const x = input(call, 'x');
  const { blockSize, dataFormat } = attributesOf<DepthToSpaceAttrs>(call);
  if (dataFormat !== 'NHWC') throw refusal('DepthToSpace', `dataFormat must be NHWC, got ${dataFormat}`);
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const depth = channels / (blockSize * blockSize);
  const blocks = graph.reshape(x, [batch, height, width, blockSize, blockSize, depth]);
  const rows = graph.transpose(blocks, [0, 1, 3, 2, 4, 5]);
  return graph.reshape(rows, [batch, height * blockSize, width * blockSize, depth]);
};

const spaceToBatch: TraceKernel = (call) => {
  const { graph } = call;
  const x = input(call, 'x');
  const { blockShape, paddings } = attributesOf<SpaceToBatchNDAttrs>(call);
  const blocks = sizeOf(blockShape);
  const pads = x.shape.map((_, axis) => (paddings[axis - 1] ?? [0, 0]) as [number, number]);
  const padded = padConstant(graph, x, pads, 0);
  const shape = padded.shape as number[];
  const split = graph.reshape(padded, backend_util.getReshaped(shape, blockShape, blocks, false));
  const order = backend_util.getPermuted(split.shape.length, blockShape.length, false);
  const merged = backend_util.getReshapedPermuted(shape, blockShape, blocks, false);
  return graph.reshape(graph.transpose(split, order), merged);
};

const batchToSpace: TraceKernel = (call) => {
  const { graph } = call;
  const x = input(call, 'x');
  const { blockShape, crops } = attributesOf<BatchToSpaceNDAttrs>(call);
  const blocks = sizeOf(blockShape);
  const shape = x.shape as number[];
  const split = graph.reshape(x, backend_util.getReshaped(shape, blockShape, blocks));
  const order = backend_util.getPermuted(split.shape.length, blockShape.length);
  const merged = backend_util.getReshapedPermuted(shape, blockShape, blocks);
  const full = graph.reshape(graph.transpose(split, order), merged);
  const begin = backend_util.getSliceBeginCoords(crops, blockShape.length);
  const size = backend_util.getSliceSize(merged, crops, blockShape.length);
  return slice(
    graph,
    full,
    full.shape.map((_, axis) => begin[axis] ?? 0),
    full.shape.map((length, axis) => size[axis] ?? length),
  );
};

/** Kernels that move, repeat, choose or make elements. */
export const shapeKernels: KernelTable = {
  ...partKernels,
  Reshape: reshape,
  ExpandDims: expandDims,
  Transpose: transpose,
  Reverse: reverse,
  PadV2: padV2,
  MirrorPad: mirrorPad,
  Tile: tile,
  BroadcastTo: broadcastTo,
  Fill: fill,
  LinSpace: linSpace,
  Range: range,
  Select: select,
  DepthToSpace: depthToSpace,
  SpaceToBatchND: spaceToBatch,
  BatchToSpaceND: batchToSpace,
};
