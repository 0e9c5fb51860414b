import type { CastAttrs, ClipByValueAttrs, StepAttrs } from '@tensorflow/tfjs-core';
import type { ElementType, Value } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { KernelTable, TraceKernel } from '../kernel';
import { arithmeticKernels } from './elementwise-arithmetic';
import { attributesOf, elementwise, filled, input, tensorType, where, withoutBool } from './lowering';

type FloatMap = (graph: GraphBuilder, x: Value) => Value;

/** ONNX defines these for floats only: other types go through float32 and come back truncated, as in a typed array. */
function throughFloat(map: FloatMap, dtype?: ElementType): TraceKernel {
  return (call) => {
    const { graph } = call;
    const x = input(call, 'x');
    const y = map(graph, graph.cast(x, 'float32'));
    const result = dtype ?? x.dtype;
    return result === 'bool' && y.dtype === 'float32'
      ? graph.cast(graph.cast(y, 'int32'), 'bool')
      : graph.cast(y, result);
  };
}

function unary(op: string, dtype?: ElementType): TraceKernel {
  return throughFloat((graph, x) => elementwise(graph, op, [x]), dtype);
}

/** Defined for integers too; booleans are computed as int32. */
function numeric(op: string): TraceKernel {
  return (call) => {
    const x = input(call, 'x');
    return call.graph.cast(elementwise(call.graph, op, [withoutBool(call.graph, x)]), x.dtype);
  };
}

/** Whole numbers already where the type is not float32. */
function rounding(op: string): TraceKernel {
  return (call) => {
    const x = input(call, 'x');
    return x.dtype === 'float32' ? elementwise(call.graph, op, [x]) : x;
  };
}

const square: TraceKernel = (call) => {
  const original = input(call, 'x');
  const x = withoutBool(call.graph, original);
  return call.graph.cast(elementwise(call.graph, 'Mul', [x, x]), original.dtype);
};

/** tanh(x/2)·(eˣ + 1) = eˣ − 1, without the cancellation near 0. */
const expm1: FloatMap = (graph, x) => {
  const half = elementwise(graph, 'Mul', [x, graph.scalar(0.5, 'float32')]);
  const sum = elementwise(graph, 'Add', [elementwise(graph, 'Exp', [x]), graph.scalar(1, 'float32')]);
  return elementwise(graph, 'Mul', [elementwise(graph, 'Tanh', [half]), sum]);
};

/** 2·atanh(x / (x + 2)) = log(1 + x), which keeps the digits of small x; plain beyond a half. */
const log1p: FloatMap = (graph, x) => {
  const ratio = elementwise(graph, 'Div', [x, elementwise(graph, 'Add', [x, graph.scalar(2, 'float32')])]);
  const near = elementwise(graph, 'Mul', [elementwise(graph, 'Atanh', [ratio]), graph.scalar(2, 'float32')]);
  const far = elementwise(graph, 'Log', [elementwise(graph, 'Add', [x, graph.scalar(1, 'float32')])]);
  const small = elementwise(graph, 'Less', [elementwise(graph, 'Abs', [x]), graph.scalar(0.5, 'float32')], 'bool');
  return where(graph, small, near, far);
};

const largestFloat = 3.4028234663852886e38;

const isFinite: FloatMap = (graph, x) =>
  elementwise(graph, 'LessOrEqual', [elementwise(graph, 'Abs', [x]), graph.scalar(largestFloat, 'float32')], 'bool');

/** Bounds of an integer clip are truncated, like the values that tfjs writes into an Int32Array. */
function clip(graph: GraphBuilder, x: Value, low: number, high: number): Value {
  const values = withoutBool(graph, x);
  const dtype = values.dtype === 'int32' ? 'int32' : 'float32';
  const bound = (value: number) =>
    dtype === 'int32' ? Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(value))) : value;
  const clipped = elementwise(graph, 'Clip', [
    values,
    graph.scalar(bound(low), dtype),
    graph.scalar(bound(high), dtype),
  ]);
  return graph.cast(clipped, x.dtype);
}

const clipByValue: TraceKernel = (call) => {
  const { clipValueMin, clipValueMax } = attributesOf<ClipByValueAttrs>(call);
  return clip(call.graph, input(call, 'x'), clipValueMin, clipValueMax);
};

/** 1 where x is above 0, `alpha` elsewhere (NaN included). */
const step: TraceKernel = (call) => {
  const { graph } = call;
  const { alpha } = attributesOf<StepAttrs>(call);
  const original = input(call, 'x');
  const x = withoutBool(graph, original);
  const dtype = tensorType('Step', x.dtype);
  const positive = elementwise(graph, 'Greater', [x, graph.scalar(0, dtype)], 'bool');
  // An integer tensor truncates the slope.
  const slope = dtype === 'int32' ? Math.trunc(alpha) : alpha;
  return graph.cast(where(graph, positive, graph.scalar(1, dtype), graph.scalar(slope, dtype)), original.dtype);
};

const cast: TraceKernel = (call) =>
  call.graph.cast(input(call, 'x'), tensorType('Cast', attributesOf<CastAttrs>(call).dtype));

function like(value: number): TraceKernel {
  return (call) => {
    const x = input(call, 'x');
    return filled(call.graph, x.shape, value, tensorType(value === 0 ? 'ZerosLike' : 'OnesLike', x.dtype));
  };
}

const unaryKernels: KernelTable = {
  Abs: numeric('Abs'),
  Neg: numeric('Neg'),
  Sign: numeric('Sign'),
  Relu: numeric('Relu'),
  Square: square,

  Ceil: rounding('Ceil'),
  Floor: rounding('Floor'),
  // Half to even in both.
  Round: rounding('Round'),

  Exp: unary('Exp', 'float32'),
  Log: unary('Log'),
  Sqrt: unary('Sqrt'),
  Rsqrt: throughFloat((graph, x) => elementwise(graph, 'Reciprocal', [elementwise(graph, 'Sqrt', [x])])),
  Reciprocal: unary('Reciprocal'),
  Expm1: throughFloat(expm1),
  Log1p: throughFloat(log1p),

  Sin: unary('Sin'),
  Cos: unary('Cos'),
  Tan: unary('Tan'),
  Asin: unary('Asin'),
  Acos: unary('Acos'),
  Atan: unary('Atan'),
  Sinh: unary('Sinh'),
  Cosh: unary('Cosh'),
  Tanh: unary('Tanh'),
  Asinh: unary('Asinh'),
  Acosh: unary('Acosh'),
  Atanh: unary('Atanh'),

  Sigmoid: unary('Sigmoid'),
  Erf: unary('Erf'),
  Softplus: unary('Softplus'),
  Elu: unary('Elu'),
  Selu: unary('Selu'),
  Relu6: (call) => clip(call.graph, input(call, 'x'), 0, 6),
  ClipByValue: clipByValue,
  Step: step,

  IsNan: throughFloat((graph, x) => elementwise(graph, 'IsNaN', [x], 'bool'), 'bool'),
  IsInf: throughFloat((graph, x) => elementwise(graph, 'IsInf', [x], 'bool'), 'bool'),
  IsFinite: throughFloat(isFinite, 'bool'),

  Cast: cast,
  Identity: (call) => input(call, 'x'),
  ZerosLike: like(0),
  OnesLike: like(1),
};

/** Kernels that look at one element at a time, with broadcasting. */
export const elementwiseKernels: KernelTable = { ...unaryKernels, ...arithmeticKernels };
