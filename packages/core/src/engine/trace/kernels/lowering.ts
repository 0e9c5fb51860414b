import { broadcast_util, util } from '@tensorflow/tfjs-core';
import { EngineError } from '../../../errors/engine-error';
import type { Attributes, ElementType, Value } from '../graph';
import type { GraphBuilder } from '../graph-builder';
import type { KernelCall } from '../kernel';

/** Element types that a tfjs tensor can have on the tracing backend. */
export type TensorElementType = 'float32' | 'int32' | 'bool';

/** Fills with more elements than this become a scalar and an Expand instead of an inline constant. */
const inlineFillLimit = 64;

/** The input of that name. @throws {EngineError} `not-traceable` if tfjs did not pass it. */
export function input({ inputs }: KernelCall, name: string): Value {
  const value = inputs[name];
  if (!value) throw refusal('kernel', `input ${name} is missing; given: ${Object.keys(inputs).join(', ')}`);
  return value;
}

/** The attributes under the type that tfjs declares for the kernel (`SumAttrs`, …). */
export function attributesOf<T>({ attributes }: KernelCall): T {
  return attributes as unknown as T;
}

/** What a kernel throws when tfjs allows something that cannot be compiled. */
export function refusal(kernel: string, reason: string): EngineError {
  return new EngineError('not-traceable', 'onnx', kernel, reason);
}

/** Number of elements. */
export function sizeOf(shape: readonly number[]): number {
  return util.sizeFromShape(shape as number[]);
}

/** Shape of an elementwise result. */
export function broadcastShape(...shapes: readonly (readonly number[])[]): number[] {
  return shapes.reduce<number[]>(
    (joined, shape) => broadcast_util.assertAndGetBroadcastShape(joined, shape as number[]),
    [],
  );
}

/** Axes of a tfjs attribute as non-negative numbers; all of them where tfjs leaves the attribute out. */
export function axesOf(axis: number | readonly number[] | null | undefined, shape: readonly number[]): number[] {
  return util.parseAxisParam(axis as number | number[], shape as number[]);
}

/** The element type as tfjs knows it. @throws {EngineError} `not-traceable` for types that stay inside the graph. */
export function tensorType(kernel: string, dtype: ElementType | string): TensorElementType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw refusal(kernel, `dtype ${dtype} cannot be compiled; use float32, int32 or bool`);
}

/** An elementwise node: the output has the broadcast shape of the inputs and, unless given, the type of the first. */
export function elementwise(
  graph: GraphBuilder,
  op: string,
  inputs: readonly [Value, ...Value[]],
  dtype: ElementType = inputs[0].dtype,
  attributes: Attributes = {},
): Value {
  return graph.op(op, inputs, { shape: broadcastShape(...inputs.map(({ shape }) => shape)), dtype }, attributes);
}

/** A tensor whose elements are all `value`. */
export function filled(graph: GraphBuilder, shape: readonly number[], value: number, dtype: TensorElementType): Value {
  const size = sizeOf(shape);
  if (size > inlineFillLimit) {
    return graph.op('Expand', [graph.scalar(value, dtype), graph.int64(shape)], { shape, dtype });
  }
  if (dtype === 'float32') return graph.constant(new Float32Array(size).fill(value), shape);
  if (dtype === 'int32') return graph.constant(new Int32Array(size).fill(value), shape);
  return graph.constant(new Uint8Array(size).fill(value === 0 ? 0 : 1), shape);
}

/** ONNX Runtime has no arithmetic on booleans: they are computed as int32. */
export function withoutBool(graph: GraphBuilder, x: Value): Value {
  return x.dtype === 'bool' ? graph.cast(x, 'int32') : x;
}

/** `Where` with broadcasting; booleans are chosen as int32, since ONNX Runtime's Where lacks them. */
export function where(graph: GraphBuilder, condition: Value, then: Value, otherwise: Value): Value {
  const [t, e] = [withoutBool(graph, then), withoutBool(graph, otherwise)];
  const shape = broadcastShape(condition.shape, t.shape, e.shape);
  const chosen = graph.op('Where', [condition, t, e], { shape, dtype: t.dtype });
  return graph.cast(chosen, then.dtype);
}

/** One `Slice` over the axes that change; `x` itself where none does. Sizes are resolved, steps default to 1. */
export function slice(
  graph: GraphBuilder,
  x: Value,
  begin: readonly number[],
  size: readonly number[],
  steps: readonly number[] = x.shape.map(() => 1),
): Value {
  if (sizeOf(size) === 0) return filled(graph, size, 0, tensorType('Slice', x.dtype));
  const axes = x.shape.map((_, axis) => axis);
  const changed = axes.filter((axis) => begin[axis] !== 0 || size[axis] !== x.shape[axis] || steps[axis] !== 1);
  if (changed.length === 0) return x;
  const ends = changed.map((axis) => {
    const step = steps[axis]!;
    const end = begin[axis]! + (size[axis]! - 1) * step + Math.sign(step);
    // −1 would mean the last element: one below the first is written as −length − 1.
    return end < 0 ? -x.shape[axis]! - 1 : end;
  });
  return graph.op(
    'Slice',
    [
      x,
      graph.int64(changed.map((axis) => begin[axis]!)),
      graph.int64(ends),
      graph.int64(changed),
      graph.int64(changed.map((axis) => steps[axis]!)),
    ],
    { shape: size, dtype: x.dtype },
  );
}

/** `Pad` with a constant. `pads[axis]` = elements before and after. */
export function padConstant(
  graph: GraphBuilder,
  x: Value,
  pads: readonly (readonly [number, number])[],
  value: number,
): Value {
  const dtype = tensorType('PadV2', x.dtype);
  const shape = x.shape.map((length, axis) => length + pads[axis]![0] + pads[axis]![1]);
  if (pads.every(([before, after]) => before === 0 && after === 0)) return x;
  if (sizeOf(x.shape) === 0) return filled(graph, shape, value, dtype);
  const amounts = graph.int64([...pads.map(([before]) => before), ...pads.map(([, after]) => after)]);
  return graph.op('Pad', [x, amounts, graph.scalar(value, dtype)], { shape, dtype }, { mode: 'constant' });
}

/** Repeats axes of length 1 and adds leading ones; `x` itself where the shape is the same. */
export function expand(graph: GraphBuilder, x: Value, shape: readonly number[]): Value {
  if (util.arraysEqual(x.shape as number[], shape as number[])) return x;
  return graph.op('Expand', [x, graph.int64(shape)], { shape, dtype: x.dtype });
}
