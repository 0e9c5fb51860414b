import type { Attributes, ElementType, TensorType, Value } from './graph';

/** What kernels record with. One instance per trace; implemented by `trace-backend.ts`. */
export interface GraphBuilder {
  /** Records a node with one output. Shapes are ours to infer: ONNX Runtime checks them at load. */
  op(
    op: string,
    inputs: readonly (Value | null)[],
    output: TensorType,
    attributes?: Attributes,
    domain?: '' | 'com.microsoft',
  ): Value;
  /** Records a node with several outputs. */
  ops(
    op: string,
    inputs: readonly (Value | null)[],
    outputs: readonly TensorType[],
    attributes?: Attributes,
    domain?: '' | 'com.microsoft',
  ): Value[];
  /** The element type follows the array: float32, int32, or bool for bytes. The array is copied. */
  constant(data: Float32Array | Int32Array | Uint8Array, shape: readonly number[]): Value;
  /** A rank-0 constant. */
  scalar(value: number, dtype: 'float32' | 'int32' | 'bool'): Value;
  /** Shapes, axes, pads: a 1-D int64 constant, or of the given shape (`[]` = rank 0). */
  int64(values: readonly number[], shape?: readonly number[]): Value;
  /** A Reshape; identity and chains of reshapes collapse. */
  reshape(x: Value, shape: readonly number[]): Value;
  /** A Transpose; identity disappears, `Transpose(Transpose(x))` merges: this is what makes weight layouts free. */
  transpose(x: Value, axes: readonly number[]): Value;
  /** A Cast; none where the type is the same already. */
  cast(x: Value, dtype: ElementType): Value;
  /** The elements where `x` is a constant of the trace, undefined where it is symbolic. */
  constantValues(x: Value): Float32Array | Int32Array | Uint8Array | undefined;
}
