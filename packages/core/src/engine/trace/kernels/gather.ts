import type {
  GatherV2Attrs,
  OneHotAttrs,
  ScatterNdAttrs,
  TopKAttrs,
  UnsortedSegmentSumAttrs,
} from '@tensorflow/tfjs-core';
import { backend_util } from '@tensorflow/tfjs-core';
import type { Value } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { KernelTable, TraceKernel } from '../kernel';
import {
  attributesOf,
  axesOf,
  elementwise,
  expand,
  filled,
  input,
  refusal,
  sizeOf,
  slice,
  tensorType,
  where,
  withoutBool,
} from './lowering';

type TensorInfo = Parameters<typeof backend_util.prepareAndValidate>[0];

function tensorInfo({ shape, dtype }: Value): TensorInfo {
  return { shape, dtype } as unknown as TensorInfo;
}

/**
 * Batched gathers become one gather of rows: batch and gathered axis are flattened together, and each batch looks up
 * its own stretch of rows.
 */
function gatherBatches(graph: GraphBuilder, x: Value, indices: Value, axis: number, batchDims: number): Value {
  const plan = backend_util.segment_util.collectGatherOpShapeInfo(tensorInfo(x), tensorInfo(indices), axis, batchDims);
  const { batchSize, outerSize, dimSize, sliceSize, outputShape } = plan;
  const count = sizeOf(indices.shape) / batchSize;
  const rows = graph.transpose(graph.reshape(x, [batchSize, outerSize, dimSize, sliceSize]), [0, 2, 1, 3]);
  const table = graph.reshape(rows, [batchSize * dimSize, outerSize * sliceSize]);
  const offsets = graph.constant(
    Int32Array.from({ length: batchSize }, (_, batch) => batch * dimSize),
    [batchSize, 1],
  );
  const flat = elementwise(graph, 'Add', [graph.reshape(indices, [batchSize, count]), offsets]);
  const shape = [batchSize, count, outerSize * sliceSize];
  const found = graph.op('Gather', [table, flat], { shape, dtype: x.dtype }, { axis: 0 });
  const blocks = graph.transpose(graph.reshape(found, [batchSize, count, outerSize, sliceSize]), [0, 2, 1, 3]);
  return graph.reshape(blocks, outputShape);
}

/** Ids outside the axis: tfjs cpu and ONNX Runtime both refuse them while running. */
const gather: TraceKernel = (call) => {
  const { graph } = call;
  const [x, indices] = [input(call, 'x'), input(call, 'indices')];
  const attributes = attributesOf<GatherV2Attrs>(call);
  const axis = axesOf(attributes.axis, x.shape)[0] ?? 0;
  const batchDims = attributes.batchDims ?? 0;
  const plan = backend_util.segment_util.collectGatherOpShapeInfo(tensorInfo(x), tensorInfo(indices), axis, batchDims);
  if (sizeOf(plan.outputShape) === 0) return filled(graph, plan.outputShape, 0, tensorType('GatherV2', x.dtype));
  if (batchDims !== 0) return gatherBatches(graph, x, indices, axis, batchDims);
  return graph.op('Gather', [x, indices], { shape: plan.outputShape, dtype: x.dtype }, { axis });
};

const gatherNd: TraceKernel = (call) => {
  const { graph } = call;
  const [params, indices] = [input(call, 'params'), input(call, 'indices')];
  const [shape] = backend_util.prepareAndValidate(tensorInfo(params), tensorInfo(indices));
  if (sizeOf(shape) === 0) return filled(graph, shape, 0, tensorType('GatherNd', params.dtype));
  if (indices.shape.at(-1) === 0) return expand(graph, params, shape);
  return graph.op('GatherND', [params, graph.cast(indices, 'int64')], { shape, dtype: params.dtype });
};

/** Coordinates `[…, depth]` (rank 1: one coordinate each) as numbers of rows. */
function rowNumbers(graph: GraphBuilder, indices: Value, shape: readonly number[]): Value {
  const depth = indices.shape.length > 1 ? indices.shape.at(-1)! : 1;
  const count = sizeOf(indices.shape) / Math.max(depth, 1);
  if (depth === 0) return filled(graph, [sizeOf(indices.shape.slice(0, -1))], 0, 'int32');
  if (depth === 1) return graph.reshape(indices, [count]);
  const strides = Int32Array.from({ length: depth }, (_, axis) => sizeOf(shape.slice(axis + 1, depth)));
  const steps = elementwise(graph, 'Mul', [graph.reshape(indices, [count, depth]), graph.constant(strides, [depth])]);
  return graph.op('ReduceSum', [steps, graph.int64([1])], { shape: [count], dtype: 'int32' }, { keepdims: 0 });
}

/**
 * Writes or adds rows; of equal rows the last stays. ScatterND would need no spread-out indices, but ONNX Runtime runs
 * it on several threads that overwrite each other's sums where rows repeat (1.30, 2 threads: up to 3 % lost).
 * ScatterElements runs in order.
 */
function scatterRows(graph: GraphBuilder, data: Value, rows: Value, updates: Value, reduction: 'add' | 'none'): Value {
  const count = sizeOf(rows.shape);
  const rowSize = sizeOf(updates.shape) / count;
  const table = graph.reshape(data, [sizeOf(data.shape) / rowSize, rowSize]);
  const spread = expand(graph, graph.reshape(rows, [count, 1]), [count, rowSize]);
  const scattered = graph.op(
    'ScatterElements',
    [table, spread, graph.reshape(updates, [count, rowSize])],
    { shape: table.shape, dtype: data.dtype },
    { axis: 0, reduction },
  );
  return graph.reshape(scattered, data.shape);
}

const scatterNd: TraceKernel = (call) => {
  const { graph } = call;
  const { shape } = attributesOf<ScatterNdAttrs>(call);
  const [indices, original] = [input(call, 'indices'), input(call, 'updates')];
  const updates = withoutBool(graph, original);
  const zeros = filled(graph, shape, 0, tensorType('ScatterNd', updates.dtype));
  if (sizeOf(updates.shape) === 0) return graph.cast(zeros, original.dtype);
  const sums = scatterRows(graph, zeros, rowNumbers(graph, indices, shape), updates, 'add');
  return graph.cast(sums, original.dtype);
};

const tensorScatterUpdate: TraceKernel = (call) => {
  const { graph } = call;
  const [tensor, updates] = [input(call, 'tensor'), input(call, 'updates')];
  if (sizeOf(updates.shape) === 0) return tensor;
  return scatterRows(graph, tensor, rowNumbers(graph, input(call, 'indices'), tensor.shape), updates, 'none');
};

/** The gradient of a gather. Ids outside the segments go to one extra row, which is cut off. */
const unsortedSegmentSum: TraceKernel = (call) => {
  const { graph } = call;
  const x = graph.cast(input(call, 'x'), 'float32');
  const ids = input(call, 'segmentIds');
  const { numSegments } = attributesOf<UnsortedSegmentSumAttrs>(call);
  if (ids.shape.length !== 1) throw refusal('UnsortedSegmentSum', `segmentIds must be of rank 1, got [${ids.shape}]`);
  const rest = x.shape.slice(1);
  if (sizeOf(x.shape) === 0) return filled(graph, [numSegments, ...rest], 0, 'float32');
  const limit = graph.scalar(numSegments, 'int32');
  const inside = elementwise(graph, 'And', [
    elementwise(graph, 'GreaterOrEqual', [ids, graph.scalar(0, 'int32')], 'bool'),
    elementwise(graph, 'Less', [ids, limit], 'bool'),
  ]);
  const zeros = filled(graph, [numSegments + 1, ...rest], 0, 'float32');
  const sums = scatterRows(graph, zeros, where(graph, inside, ids, limit), x, 'add');
  return slice(
    graph,
    sums,
    sums.shape.map(() => 0),
    [numSegments, ...rest],
  );
};

/** By comparison: ONNX Runtime's OneHot takes few combinations of types. Ids outside give a row of `offValue`. */
const oneHot: TraceKernel = (call) => {
  const { graph } = call;
  const indices = input(call, 'indices');
  const attributes = attributesOf<OneHotAttrs>(call);
  const { depth, onValue, offValue } = attributes;
  const dtype = tensorType('OneHot', attributes.dtype);
  const columns = graph.constant(
    Int32Array.from({ length: depth }, (_, id) => id),
    [depth],
  );
  const hot = elementwise(graph, 'Equal', [graph.reshape(indices, [...indices.shape, 1]), columns], 'bool');
  if (onValue === 1 && offValue === 0) return graph.cast(hot, dtype);
  return where(graph, hot, graph.scalar(onValue, dtype), graph.scalar(offValue, dtype));
};

/** Largest first; of equal elements the first. tfjs leaves the order open where it is not asked to sort. */
const topK: TraceKernel = (call) => {
  const { graph } = call;
  const { k } = attributesOf<TopKAttrs>(call);
  const original = input(call, 'x');
  const x = withoutBool(graph, original);
  const shape = [...x.shape.slice(0, -1), k];
  if (sizeOf(shape) === 0) {
    return [filled(graph, shape, 0, tensorType('TopK', original.dtype)), filled(graph, shape, 0, 'int32')];
  }
  const [values, ids] = graph.ops(
    'TopK',
    [x, graph.int64([k])],
    [
      { shape, dtype: x.dtype },
      { shape, dtype: 'int64' },
    ],
    { axis: x.shape.length - 1, largest: 1, sorted: 1 },
  ) as [Value, Value];
  return [graph.cast(values, original.dtype), graph.cast(ids, 'int32')];
};

/** Kernels that read and write by index. */
export const gatherKernels: KernelTable = {
  GatherV2: gather,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  TensorScatterUpdate: tensorScatterUpdate,
  UnsortedSegmentSum: unsortedSegmentSum,
  OneHot: oneHot,
  TopK: topK,
};
