import type { WeightRecipe } from '../../checkpoint/weight-recipe';

/** float32, int32 and bool cross the boundary; int64 exists only inside; the rest only as stored weights before a Cast. */
export type ElementType =
  | 'float32'
  | 'int32'
  | 'bool'
  | 'int64'
  | 'float64'
  | 'float16'
  | 'bfloat16'
  | 'int16'
  | 'int8'
  | 'uint8';

/** One tensor of the graph. */
export interface Value {
  readonly id: number;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  readonly source: ValueSource;
}

export type ValueSource =
  | { readonly kind: 'input'; readonly name: string }
  /** Little-endian bytes. */
  | { readonly kind: 'constant'; readonly data: Uint8Array }
  /** Stays in its file: external data. */
  | { readonly kind: 'stored'; readonly recipe: WeightRecipe & { readonly kind: 'stored' } }
  /** Read before the session is made. */
  | { readonly kind: 'values'; readonly recipe: WeightRecipe & { readonly kind: 'values' } }
  | { readonly kind: 'node'; readonly node: GraphNode; readonly index: number };

export type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] };
/** Plain numbers are written as INT / INTS, strings as STRING, `{ float }` as FLOAT, `{ floats }` as FLOATS. */
export type Attributes = Readonly<Record<string, Attribute>>;

export interface GraphNode {
  readonly id: number;
  readonly op: string;
  readonly domain: '' | 'com.microsoft';
  /** null = optional input left out. */
  readonly inputs: readonly (Value | null)[];
  readonly attributes: Attributes;
  readonly outputs: readonly Value[];
  /** Path of `tf.tidy` names and op, for ONNX Runtime's messages. */
  readonly scope: string;
}

export interface TensorType {
  readonly shape: readonly number[];
  readonly dtype: ElementType;
}
