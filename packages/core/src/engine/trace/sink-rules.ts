import { int64Values } from './constants';
import type { GraphNode, Value } from './graph';
import type { GraphRecorder } from './graph-recorder';
import { reshapeBelow } from './sink-reshape';
import { elementsOf, nodeOf } from './traced-graph';

type Inputs = readonly (Value | null)[];
type Rule = (node: GraphNode, inputs: Inputs, graph: GraphRecorder) => Value | undefined;

/** A value and the transpose above it: `T(x)`, axis `i` of the result being axis `perm[i]` of `x`. */
interface Transposed {
  readonly x: Value;
  readonly perm: readonly number[];
}

function transposed(value: Value | null | undefined): Transposed | undefined {
  const node = nodeOf(value);
  if (node?.op !== 'Transpose') return undefined;
  return { x: node.inputs[0]!, perm: node.attributes['perm'] as readonly number[] };
}

/** The permutation that undoes `perm`. */
function inverse(perm: readonly number[]): number[] {
  const undo = new Array<number>(perm.length).fill(0);
  perm.forEach((axis, index) => (undo[axis] = index));
  return undo;
}

/** `values[i]` belongs to axis `i` of `T(x)`; the same in the order of the axes of `x`. */
function unpermuted<T>(values: readonly T[], perm: readonly number[]): T[] {
  return inverse(perm).map((index) => values[index]!);
}

/** Whether a value depends on weights and constants only, through layout changes: its transpose folds at load. */
function isFixed(value: Value): boolean {
  const node = nodeOf(value);
  if (!node) return value.source.kind !== 'input';
  return ['Transpose', 'Reshape', 'Cast'].includes(node.op) && isFixed(node.inputs[0]!);
}

/** An operand in the axis order before the transpose; undefined where that would take a transpose of its own. */
function aligned(value: Value, perm: readonly number[], graph: GraphRecorder): Value | undefined {
  if (value.shape.length > perm.length) return undefined;
  const above = transposed(value);
  if (above && above.perm.length === perm.length && above.perm.every((axis, index) => axis === perm[index]))
    return above.x;
  if (elementsOf(value.shape) === 1) return value;
  const missing = perm.length - value.shape.length;
  const full = [...Array.from({ length: missing }, () => 1), ...value.shape];
  const undo = inverse(perm);
  const long = undo.filter((axis) => full[axis] !== 1);
  const keepsOrder = long.every((axis, index) => index === 0 || long[index - 1]! < axis);
  if (!keepsOrder && !isFixed(value)) return undefined;
  return graph.transpose(graph.reshape(value, full), undo);
}

/** Operands broadcast; the result has the highest rank. */
const elementwise: Rule = (node, inputs, graph) => {
  const output = node.outputs[0]!;
  const perm = inputs.map(transposed).find((above) => above?.perm.length === output.shape.length)?.perm;
  if (!perm) return undefined;
  const operands: (Value | null)[] = [];
  for (const value of inputs) {
    const operand = value && aligned(value, perm, graph);
    if (operand === undefined) return undefined;
    operands.push(operand);
  }
  const type = { shape: unpermuted(output.shape, perm), dtype: output.dtype };
  return graph.transpose(graph.op(node.op, operands, type, node.attributes, node.domain), perm);
};

const concat: Rule = (node, inputs, graph) => {
  const axis = node.attributes['axis'] as number;
  const perm = inputs.map(transposed).find(Boolean)?.perm;
  if (!perm) return undefined;
  const parts: Value[] = [];
  for (const value of inputs) {
    const part = value && partOf(value, perm, graph);
    if (!part) return undefined;
    parts.push(part);
  }
  const output = node.outputs[0]!;
  const type = { shape: unpermuted(output.shape, perm), dtype: output.dtype };
  const position = perm[axis < 0 ? axis + perm.length : axis]!;
  return graph.transpose(graph.op('Concat', parts, type, { axis: position }), perm);
};

/** Unlike operands of elementwise ops, parts do not broadcast: a single element needs its axes as well. */
function partOf(value: Value, perm: readonly number[], graph: GraphRecorder): Value | undefined {
  const part = aligned(value, perm, graph);
  return part && elementsOf(value.shape) === 1
    ? graph.reshape(
        part,
        perm.map(() => 1),
      )
    : part;
}

const pad: Rule = (node, inputs, graph) => {
  const above = transposed(inputs[0]);
  const amounts = int64Values(inputs[1]);
  // The fourth input would name axes.
  if (!above || !amounts || inputs.length > 3) return undefined;
  const { x, perm } = above;
  const [before, after] = [amounts.slice(0, perm.length), amounts.slice(perm.length)];
  const moved = graph.int64([...unpermuted(before, perm), ...unpermuted(after, perm)]);
  const output = node.outputs[0]!;
  const type = { shape: unpermuted(output.shape, perm), dtype: output.dtype };
  return graph.transpose(graph.op('Pad', [x, moved, ...inputs.slice(2)], type, node.attributes), perm);
};

const slice: Rule = (node, inputs, graph) => {
  const above = transposed(inputs[0]);
  const axes = int64Values(inputs[3]);
  if (!above || !axes) return undefined;
  const { x, perm } = above;
  const moved = graph.int64(axes.map((axis) => perm[axis < 0 ? axis + perm.length : axis]!));
  const output = node.outputs[0]!;
  const type = { shape: unpermuted(output.shape, perm), dtype: output.dtype };
  return graph.transpose(graph.op('Slice', [x, inputs[1]!, inputs[2]!, moved, ...inputs.slice(4)], type), perm);
};

/** `Expand` and `Tile`: the second input has one number an axis. */
const perAxis: Rule = (node, inputs, graph) => {
  const above = transposed(inputs[0]);
  const numbers = int64Values(inputs[1]);
  if (!above || numbers?.length !== above.perm.length) return undefined;
  const { x, perm } = above;
  const output = node.outputs[0]!;
  const type = { shape: unpermuted(output.shape, perm), dtype: output.dtype };
  return graph.transpose(graph.op(node.op, [x, graph.int64(unpermuted(numbers, perm))], type, node.attributes), perm);
};

const gather: Rule = (node, inputs, graph) => {
  const above = transposed(inputs[0]);
  const indices = inputs[1];
  // A list along one axis keeps all axes.
  if (!above || indices?.shape.length !== 1) return undefined;
  const { x, perm } = above;
  const output = node.outputs[0]!;
  const type = { shape: unpermuted(output.shape, perm), dtype: output.dtype };
  const axis = perm[node.attributes['axis'] as number]!;
  return graph.transpose(graph.op('Gather', [x, indices], type, { axis }), perm);
};

const reduce: Rule = (node, inputs, graph) => {
  const above = transposed(inputs[0]);
  const axes = int64Values(inputs[1]);
  if (!above || !axes) return undefined;
  const { x, perm } = above;
  const reduced = axes.map((axis) => perm[axis < 0 ? axis + perm.length : axis]!).sort((a, b) => a - b);
  const output = node.outputs[0]!;
  const operands = [x, graph.int64(reduced)];
  if (node.attributes['keepdims'] !== 0) {
    const type = { shape: unpermuted(output.shape, perm), dtype: output.dtype };
    return graph.transpose(graph.op(node.op, operands, type, node.attributes), perm);
  }
  const left = perm.filter((axis) => !reduced.includes(axis));
  const sorted = [...left].sort((a, b) => a - b);
  const shape = sorted.map((axis) => x.shape[axis]!);
  const result = graph.op(node.op, operands, { shape, dtype: output.dtype }, node.attributes);
  return graph.transpose(
    result,
    left.map((axis) => sorted.indexOf(axis)),
  );
};

const reshape: Rule = (node, inputs, graph) => {
  const above = transposed(inputs[0]);
  return above && reshapeBelow(graph, above.x, above.perm, node.outputs[0]!.shape);
};

const elementwiseOps =
  'Abs Acos Acosh Add And Asin Asinh Atan Atanh BitwiseAnd Cast Ceil Clip Cos Cosh Div Elu Equal Erf Exp Floor Gelu ' +
  'Greater GreaterOrEqual IsInf IsNaN LeakyRelu Less LessOrEqual Log Max Min Mod Mul Neg Not Or Pow Reciprocal Relu ' +
  'Round Selu Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Sub Tan Tanh Where Xor';
const reductions = 'ReduceL2 ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum';

const rules: ReadonlyMap<string, Rule> = new Map([
  ...elementwiseOps.split(' ').map((op): [string, Rule] => [op, elementwise]),
  ...reductions.split(' ').map((op): [string, Rule] => [op, reduce]),
  ['Concat', concat],
  ['Pad', pad],
  ['Slice', slice],
  ['Expand', perAxis],
  ['Tile', perAxis],
  ['Gather', gather],
  ['Reshape', reshape],
]);

/** Operators that a transpose can move below. */
export const sinkableOps: ReadonlySet<string> = new Set(rules.keys());

/** `T(op'(x))` for a node over `T(x)`; undefined where the transpose has to stay above. */
export function sinkBelow(node: GraphNode, inputs: Inputs, graph: GraphRecorder): Value | undefined {
  return rules.get(node.op)?.(node, inputs, graph);
}
