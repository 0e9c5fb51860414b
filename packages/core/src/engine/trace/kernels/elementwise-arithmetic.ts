import type { LeakyReluAttrs } from '@tensorflow/tfjs-core';
import type { Value } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { KernelCall, KernelTable, TraceKernel } from '../kernel';
import { attributesOf, elementwise, input, refusal, where, withoutBool } from './lowering';

function operands(call: KernelCall): readonly [Value, Value] {
  return [input(call, 'a'), input(call, 'b')];
}

/** Booleans are computed as int32 and come back as booleans. */
function arithmetic(op: string): TraceKernel {
  return (call) => {
    const [a, b] = operands(call);
    const result = elementwise(call.graph, op, [withoutBool(call.graph, a), withoutBool(call.graph, b)]);
    return call.graph.cast(result, a.dtype);
  };
}

function comparison(op: string): TraceKernel {
  return (call) => {
    const [a, b] = operands(call);
    return elementwise(call.graph, op, [withoutBool(call.graph, a), withoutBool(call.graph, b)], 'bool');
  };
}

function logical(op: string): TraceKernel {
  return (call) => elementwise(call.graph, op, operands(call), 'bool');
}

/** Whether the remainder and the divisor point in different directions. */
function signsDiffer(graph: GraphBuilder, a: Value, b: Value): Value {
  const zero = graph.scalar(0, a.dtype === 'int32' ? 'int32' : 'float32');
  return elementwise(graph, 'Xor', [
    elementwise(graph, 'Less', [a, zero], 'bool'),
    elementwise(graph, 'Less', [b, zero], 'bool'),
  ]);
}

/**
 * Integer division by zero is 0 in tfjs and kills the process in ONNX Runtime: zero divisors become 1 and the
 * quotient is replaced. Divisors known to be free of zeros need nothing.
 */
function guardedDivision(graph: GraphBuilder, b: Value, divide: (divisor: Value) => Value): Value {
  const known = graph.constantValues(b);
  if (known && !known.includes(0)) return divide(b);
  const isZero = elementwise(graph, 'Equal', [b, graph.scalar(0, 'int32')], 'bool');
  const quotient = divide(where(graph, isZero, graph.scalar(1, 'int32'), b));
  return where(graph, isZero, graph.scalar(0, 'int32'), quotient);
}

function floorDivideIntegers(graph: GraphBuilder, a: Value, b: Value): Value {
  return guardedDivision(graph, b, (divisor) => {
    const truncated = elementwise(graph, 'Div', [a, divisor]);
    const remainder = elementwise(graph, 'Sub', [a, elementwise(graph, 'Mul', [truncated, divisor])]);
    const hasRemainder = elementwise(
      graph,
      'Not',
      [elementwise(graph, 'Equal', [remainder, graph.scalar(0, 'int32')], 'bool')],
      'bool',
    );
    const below = elementwise(graph, 'And', [hasRemainder, signsDiffer(graph, remainder, divisor)]);
    return elementwise(graph, 'Sub', [truncated, graph.cast(below, 'int32')]);
  });
}

/** tfjs gives int32 whatever goes in; x / 0 becomes 0, as in an Int32Array. */
const floorDiv: TraceKernel = (call) => {
  const { graph } = call;
  const [a, b] = operands(call).map((value) => withoutBool(graph, value)) as [Value, Value];
  if (a.dtype === 'int32') return floorDivideIntegers(graph, a, b);
  const quotient = elementwise(graph, 'Floor', [elementwise(graph, 'Div', [a, b])]);
  const isZero = elementwise(graph, 'Equal', [b, graph.scalar(0, 'float32')], 'bool');
  return graph.cast(where(graph, isZero, graph.scalar(0, 'float32'), quotient), 'int32');
};

const realDiv: TraceKernel = (call) => {
  const { graph } = call;
  const [a, b] = operands(call);
  if (a.dtype === 'bool') throw refusal('RealDiv', 'booleans cannot be divided; cast them to float32 first');
  if (a.dtype === 'float32') return elementwise(graph, 'Div', [a, b]);
  return guardedDivision(graph, b, (divisor) => elementwise(graph, 'Div', [a, divisor]));
};

/** The result has the sign of the divisor. ONNX offers that for integers only; C's fmod is exact for floats. */
const mod: TraceKernel = (call) => {
  const { graph } = call;
  const [a, b] = operands(call).map((value) => withoutBool(graph, value)) as [Value, Value];
  if (a.dtype === 'int32') {
    const result = guardedDivision(graph, b, (divisor) =>
      elementwise(graph, 'Mod', [a, divisor], 'int32', { fmod: 0 }),
    );
    return graph.cast(result, input(call, 'a').dtype);
  }
  const fmod = { fmod: 1 };
  const remainder = elementwise(graph, 'Mod', [a, b], 'float32', fmod);
  const shifted = elementwise(graph, 'Mod', [elementwise(graph, 'Add', [remainder, b]), b], 'float32', fmod);
  return where(graph, signsDiffer(graph, a, b), shifted, remainder);
};

/**
 * Quadrants by comparison: ONNX has no Atan2. The sign of a zero is not looked at, so `atan2(-0, -1)` is π, and two
 * infinite operands give NaN.
 */
const atan2: TraceKernel = (call) => {
  const { graph } = call;
  const inputs = operands(call);
  const [y, x] = inputs.map((value) => graph.cast(value, 'float32')) as [Value, Value];
  const zero = graph.scalar(0, 'float32');
  const pi = graph.scalar(Math.PI, 'float32');
  const principal = elementwise(graph, 'Atan', [elementwise(graph, 'Div', [y, x])]);
  const turn = where(graph, elementwise(graph, 'Less', [y, zero], 'bool'), elementwise(graph, 'Neg', [pi]), pi);
  const left = where(
    graph,
    elementwise(graph, 'Less', [x, zero], 'bool'),
    elementwise(graph, 'Add', [principal, turn]),
    principal,
  );
  const upright = elementwise(graph, 'Mul', [elementwise(graph, 'Sign', [y]), graph.scalar(Math.PI / 2, 'float32')]);
  const angle = where(graph, elementwise(graph, 'Equal', [x, zero], 'bool'), upright, left);
  return graph.cast(angle, inputs[0].dtype);
};

const squaredDifference: TraceKernel = (call) => {
  const { graph } = call;
  const [a, b] = operands(call);
  const difference = elementwise(graph, 'Sub', [withoutBool(graph, a), withoutBool(graph, b)]);
  return graph.cast(elementwise(graph, 'Mul', [difference, difference]), a.dtype);
};

const addN: TraceKernel = ({ inputs, graph }) => {
  const terms = Object.values(inputs);
  const first = terms[0];
  if (!first) throw refusal('AddN', 'no tensors given');
  const sum = terms
    .map((term) => withoutBool(graph, term))
    .reduce((total, term) => elementwise(graph, 'Add', [total, term]));
  return graph.cast(sum, first.dtype);
};

const notEqual: TraceKernel = (call) => {
  const { graph } = call;
  return elementwise(graph, 'Not', [elementwise(graph, 'Equal', operands(call), 'bool')], 'bool');
};

function scaleNegatives(graph: GraphBuilder, x: Value, factor: Value): Value {
  const negative = elementwise(graph, 'Less', [x, graph.scalar(0, 'float32')], 'bool');
  return where(graph, negative, elementwise(graph, 'Mul', [x, factor]), x);
}

/** A Where, because ONNX's PRelu broadcasts the slope one way only. */
const prelu: TraceKernel = (call) => {
  const { graph } = call;
  return scaleNegatives(graph, graph.cast(input(call, 'x'), 'float32'), graph.cast(input(call, 'alpha'), 'float32'));
};

const leakyRelu: TraceKernel = (call) => {
  const { graph } = call;
  const { alpha } = attributesOf<LeakyReluAttrs>(call);
  const x = graph.cast(input(call, 'x'), 'float32');
  return elementwise(graph, 'LeakyRelu', [x], 'float32', { alpha: { float: alpha } });
};

const eluGrad: TraceKernel = (call) => {
  const { graph } = call;
  const [dy, y] = [input(call, 'dy'), input(call, 'y')];
  const rising = elementwise(graph, 'GreaterOrEqual', [y, graph.scalar(0, 'float32')], 'bool');
  const slope = elementwise(graph, 'Add', [y, graph.scalar(1, 'float32')]);
  return where(graph, rising, dy, elementwise(graph, 'Mul', [dy, slope]));
};

/** Kernels of two operands, and the activations whose slope is an operand. */
export const arithmeticKernels: KernelTable = {
  Add: arithmetic('Add'),
  Sub: arithmetic('Sub'),
  Multiply: arithmetic('Mul'),
  Pow: arithmetic('Pow'),
  Maximum: arithmetic('Max'),
  Minimum: arithmetic('Min'),
  RealDiv: realDiv,
  FloorDiv: floorDiv,
  Mod: mod,
  Atan2: atan2,
  SquaredDifference: squaredDifference,
  AddN: addN,
  BitwiseAnd: (call) => elementwise(call.graph, 'BitwiseAnd', operands(call)),

  Greater: comparison('Greater'),
  GreaterEqual: comparison('GreaterOrEqual'),
  Less: comparison('Less'),
  LessEqual: comparison('LessOrEqual'),
  Equal: (call) => elementwise(call.graph, 'Equal', operands(call), 'bool'),
  NotEqual: notEqual,

  LogicalAnd: logical('And'),
  LogicalOr: logical('Or'),
  LogicalXor: logical('Xor'),
  LogicalNot: (call) => elementwise(call.graph, 'Not', [input(call, 'x')], 'bool'),

  Prelu: prelu,
  LeakyRelu: leakyRelu,
  EluGrad: eluGrad,
};
