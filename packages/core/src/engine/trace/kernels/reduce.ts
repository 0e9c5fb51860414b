import type {
  ArgMaxAttrs,
  CumsumAttrs,
  LogSoftmaxAttrs,
  MaxAttrs,
  SoftmaxAttrs,
  SumAttrs,
} from '@tensorflow/tfjs-core';
import { backend_util } from '@tensorflow/tfjs-core';
import type { Value } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { KernelTable, TraceKernel } from '../kernel';
import { attributesOf, axesOf, filled, input, padConstant, sizeOf, slice, tensorType, withoutBool } from './lowering';

/** What a reduction over nothing gives. */
const neutral = {
  ReduceSum: 0,
  ReduceMean: Number.NaN,
  ReduceProd: 1,
  ReduceMax: Number.NEGATIVE_INFINITY,
  ReduceMin: Number.POSITIVE_INFINITY,
} as const;

function reduction(
  graph: GraphBuilder,
  op: keyof typeof neutral,
  x: Value,
  axes: readonly number[],
  keepDims: boolean,
): Value {
  if (axes.length === 0) return x;
  const [outShape] = backend_util.computeOutAndReduceShapes(x.shape as number[], axes as number[]);
  const shape = keepDims ? backend_util.expandShapeToKeepDim(outShape, axes as number[]) : outShape;
  if (sizeOf(x.shape) === 0) return filled(graph, shape, neutral[op], tensorType(op, x.dtype));
  return graph.op(op, [x, graph.int64(axes)], { shape, dtype: x.dtype }, { keepdims: keepDims ? 1 : 0 });
}

/** Booleans are summed and multiplied as int32, and the result stays int32 as in tfjs. */
function accumulation(op: 'ReduceSum' | 'ReduceProd'): TraceKernel {
  return (call) => {
    const { axis, keepDims } = attributesOf<SumAttrs>(call);
    const x = withoutBool(call.graph, input(call, 'x'));
    return reduction(call.graph, op, x, axesOf(axis, x.shape), keepDims);
  };
}

const mean: TraceKernel = (call) => {
  const { axis, keepDims } = attributesOf<SumAttrs>(call);
  const x = call.graph.cast(input(call, 'x'), 'float32');
  return reduction(call.graph, 'ReduceMean', x, axesOf(axis, x.shape), keepDims);
};

/** Maximum or minimum of any type: All and Any are these on booleans. */
function extremum(op: 'ReduceMax' | 'ReduceMin'): TraceKernel {
  return (call) => {
    // tfjs names the axis of Max alone `reductionIndices`.
    const attributes = attributesOf<Partial<MaxAttrs & SumAttrs>>(call);
    const original = input(call, 'x');
    const x = withoutBool(call.graph, original);
    const axes = axesOf(attributes.reductionIndices ?? attributes.axis, x.shape);
    return call.graph.cast(reduction(call.graph, op, x, axes, attributes.keepDims ?? false), original.dtype);
  };
}

/** The first of equal elements wins; ONNX counts in int64. */
function argExtremum(op: 'ArgMax' | 'ArgMin'): TraceKernel {
  return (call) => {
    const { graph } = call;
    const x = withoutBool(graph, input(call, 'x'));
    const axis = axesOf(attributesOf<ArgMaxAttrs>(call).axis, x.shape)[0];
    const shape = x.shape.filter((_, index) => index !== axis);
    if (axis === undefined || sizeOf(x.shape) === 0) return filled(graph, shape, 0, 'int32');
    const attributes = { axis, keepdims: 0, select_last_index: 0 };
    return graph.cast(graph.op(op, [x], { shape, dtype: 'int64' }, attributes), 'int32');
  };
}

function softmax(op: 'Softmax' | 'LogSoftmax'): TraceKernel {
  return (call) => {
    const { dim, axis } = attributesOf<Partial<SoftmaxAttrs & LogSoftmaxAttrs>>(call);
    const logits = call.graph.cast(input(call, 'logits'), 'float32');
    const index = axesOf(dim ?? axis ?? -1, logits.shape)[0] ?? 0;
    return call.graph.op(op, [logits], { shape: logits.shape, dtype: 'float32' }, { axis: index });
  };
}

const cumsum: TraceKernel = (call) => {
  const { graph } = call;
  const { axis, exclusive, reverse } = attributesOf<CumsumAttrs>(call);
  const x = withoutBool(graph, input(call, 'x'));
  const index = axesOf(axis, x.shape)[0];
  if (index === undefined || sizeOf(x.shape) === 0) return x;
  return graph.op(
    'CumSum',
    [x, graph.int64([index], [])],
    { shape: x.shape, dtype: x.dtype },
    { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 },
  );
};

/** The tensor moved by `distance` along an axis, ones moving in. */
function shiftIn(graph: GraphBuilder, x: Value, axis: number, distance: number, reverse: boolean): Value {
  const begin = x.shape.map((_, index) => (index === axis && reverse ? distance : 0));
  const size = x.shape.map((length, index) => (index === axis ? length - distance : length));
  const amount: readonly [number, number] = reverse ? [0, distance] : [distance, 0];
  const pads = x.shape.map((_, index) => (index === axis ? amount : ([0, 0] as const)));
  return padConstant(graph, slice(graph, x, begin, size), pads, 1);
}

/** ONNX has no running product: doubling the span of the factors takes log2(length) products. */
const cumprod: TraceKernel = (call) => {
  const { graph } = call;
  const { axis, exclusive, reverse } = attributesOf<CumsumAttrs>(call);
  const x = withoutBool(graph, input(call, 'x'));
  const index = axesOf(axis, x.shape)[0];
  if (index === undefined || sizeOf(x.shape) === 0) return x;
  const length = x.shape[index]!;
  let product = exclusive ? shiftIn(graph, x, index, 1, reverse) : x;
  for (let span = 1; span < length; span *= 2) {
    const earlier = shiftIn(graph, product, index, span, reverse);
    product = graph.op('Mul', [product, earlier], { shape: x.shape, dtype: x.dtype });
  }
  return product;
};

/** Kernels that fold or accumulate along axes. */
export const reduceKernels: KernelTable = {
  Sum: accumulation('ReduceSum'),
  Prod: accumulation('ReduceProd'),
  Mean: mean,
  Max: extremum('ReduceMax'),
  Min: extremum('ReduceMin'),
  All: extremum('ReduceMin'),
  Any: extremum('ReduceMax'),
  ArgMax: argExtremum('ArgMax'),
  ArgMin: argExtremum('ArgMin'),
  Softmax: softmax('Softmax'),
  LogSoftmax: softmax('LogSoftmax'),
  Cumsum: cumsum,
  Cumprod: cumprod,
};
