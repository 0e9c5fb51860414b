import type {
  ConcatAttrs,
  PackAttrs,
  SliceAttrs,
  SplitVAttrs,
  StridedSliceAttrs,
  UnpackAttrs,
} from '@tensorflow/tfjs-core';
import { backend_util, slice_util } from '@tensorflow/tfjs-core';
import type { Value } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { KernelTable, TraceKernel } from '../kernel';
import { attributesOf, axesOf, filled, input, refusal, sizeOf, slice, tensorType } from './lowering';

/** Parts without elements are skipped; the first part decides the type. */
function concatenate(graph: GraphBuilder, parts: readonly Value[], axis: number): Value {
  const first = parts[0];
  if (!first) throw refusal('Concat', 'no tensors given');
  const shapes = parts.map((part) => part.shape as number[]);
  backend_util.assertParamsConsistent(shapes, axis);
  const shape = backend_util.computeOutShape(shapes, axis);
  const present = parts.filter((part) => sizeOf(part.shape) > 0).map((part) => graph.cast(part, first.dtype));
  if (present.length === 0) return filled(graph, shape, 0, tensorType('Concat', first.dtype));
  if (present.length === 1) return present[0]!;
  return graph.op('Concat', present, { shape, dtype: first.dtype }, { axis });
}

const concat: TraceKernel = (call) => {
  const parts = Object.values(call.inputs);
  return concatenate(call.graph, parts, axesOf(attributesOf<ConcatAttrs>(call).axis, parts[0]?.shape ?? [])[0] ?? 0);
};

const pack: TraceKernel = (call) => {
  const { graph } = call;
  const parts = Object.values(call.inputs);
  const first = parts[0];
  if (!first) throw refusal('Pack', 'no tensors given');
  const axis = axesOf(attributesOf<PackAttrs>(call).axis, [...first.shape, 1])[0] ?? 0;
  const shape = [...first.shape.slice(0, axis), 1, ...first.shape.slice(axis)];
  return concatenate(
    graph,
    parts.map((part) => graph.reshape(part, shape)),
    axis,
  );
};

/** Consecutive slices of the given lengths along an axis. */
function split(graph: GraphBuilder, x: Value, lengths: readonly number[], axis: number): Value[] {
  const begin = x.shape.map(() => 0);
  return lengths.map((length) => {
    const part = slice(graph, x, begin, x.shape.with(axis, length));
    begin[axis]! += length;
    return part;
  });
}

const splitV: TraceKernel = (call) => {
  const x = input(call, 'x');
  const attributes = attributesOf<SplitVAttrs>(call);
  const axis = axesOf(attributes.axis, x.shape)[0] ?? 0;
  const lengths = backend_util.prepareSplitSize(tensorInfo(x), attributes.numOrSizeSplits, axis);
  return split(call.graph, x, lengths, axis);
};

const unpack: TraceKernel = (call) => {
  const { graph } = call;
  const x = input(call, 'value');
  const axis = axesOf(attributesOf<UnpackAttrs>(call).axis, x.shape)[0] ?? 0;
  const shape = x.shape.filter((_, index) => index !== axis);
  const lengths = Array.from({ length: x.shape[axis] ?? 0 }, () => 1);
  return split(graph, x, lengths, axis).map((part) => graph.reshape(part, shape));
};

const sliceKernel: TraceKernel = (call) => {
  const x = input(call, 'x');
  const attributes = attributesOf<SliceAttrs>(call);
  const info = tensorInfo(x);
  const [begin, size] = slice_util.parseSliceParams(info, attributes.begin, attributes.size) as [number[], number[]];
  slice_util.assertParamsValid(info, begin, size);
  return slice(call.graph, x, begin, size);
};

const stridedSlice: TraceKernel = (call) => {
  const { graph } = call;
  const x = input(call, 'x');
  const attributes = attributesOf<StridedSliceAttrs>(call);
  const plan = slice_util.sliceInfo(
    x.shape as number[],
    attributes.begin,
    attributes.end,
    attributes.strides,
    attributes.beginMask,
    attributes.endMask,
    attributes.ellipsisMask,
    attributes.newAxisMask,
    attributes.shrinkAxisMask,
  );
  if (sizeOf(plan.finalShape) === 0) return filled(graph, plan.finalShape, 0, tensorType('StridedSlice', x.dtype));
  const { begin, end, strides } = plan;
  return graph.reshape(
    slice(graph, x, begin, slice_util.computeOutShape(begin, end, strides), strides),
    plan.finalShape,
  );
};

/** tfjs's helpers want a tensor, but look at its shape only. */
function tensorInfo({ shape }: Value): Parameters<typeof backend_util.prepareSplitSize>[0] {
  return { shape } as Parameters<typeof backend_util.prepareSplitSize>[0];
}

/** Kernels that cut tensors and join them. */
export const partKernels: KernelTable = {
  Concat: concat,
  Pack: pack,
  SplitV: splitV,
  Unpack: unpack,
  Slice: sliceKernel,
  StridedSlice: stridedSlice,
};
