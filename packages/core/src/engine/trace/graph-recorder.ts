import { castConstant, constantPool, typedView } from './constants';
import { onnxTypes } from './element-types';
import type { Attribute, Attributes, ElementType, GraphNode, TensorType, Value, ValueSource } from './graph';
import type { GraphBuilder } from './graph-builder';
import { nodeOf } from './traced-graph';

type StoredSource = ValueSource & { readonly kind: 'stored' };
type ValuesSource = ValueSource & { readonly kind: 'values' };

/**
 * Records a graph. Equal nodes, constants and weights are recorded once, so that every graph is free of common
 * subexpressions: all operators are pure.
 */
export interface GraphRecorder extends GraphBuilder {
  /** In order of recording. */
  readonly nodes: readonly GraphNode[];
  input(name: string, type: TensorType): Value;
  /** Bytes that stay in their file. Equal places are one value. */
  stored(recipe: StoredSource['recipe']): Value;
  /** A weight that is read before the session is made. One value a recipe. */
  values(recipe: ValuesSource['recipe']): Value;
  /** A constant of any type, from its little-endian bytes. */
  bytes(data: Uint8Array, type: TensorType): Value;
  /** Records a node of another graph over inputs of this one, through the same simplifications. */
  copy(node: GraphNode, inputs: readonly (Value | null)[]): readonly Value[];
  /** Scope of what is recorded from now on; undefined: what `currentScope` says. */
  setScope(scope: string | undefined): void;
}

/** @param currentScope - Path of names for nodes, asked at every recording. */
export function createGraphRecorder(currentScope: () => string = () => ''): GraphRecorder {
  let nextId = 0;
  let scope: string | undefined;
  const nodes: GraphNode[] = [];
  const known = new Map<string, readonly Value[]>();
  const weights = new Map<unknown, Value>();
  const constants = constantPool();

  const value = (dtype: ElementType, shape: readonly number[], source: ValueSource): Value => ({
    id: nextId++,
    dtype,
    shape: [...shape],
    source,
  });

  const ops: GraphBuilder['ops'] = (op, inputs, types, attributes = {}, domain = '') => {
    const key = nodeKey(op, domain, inputs, attributes, types);
    const found = known.get(key);
    if (found) return [...found];
    const outputs: Value[] = [];
    const node: GraphNode = {
      id: nodes.length,
      op,
      domain,
      inputs: [...inputs],
      attributes,
      outputs,
      scope: scope ?? currentScope(),
    };
    types.forEach(({ dtype, shape }, index) => outputs.push(value(dtype, shape, { kind: 'node', node, index })));
    nodes.push(node);
    known.set(key, outputs);
    return [...outputs];
  };
  const op: GraphBuilder['op'] = (name, inputs, output, attributes, domain) =>
    ops(name, inputs, [output], attributes, domain)[0]!;

  const bytesConstant = (dtype: ElementType, shape: readonly number[], data: Uint8Array): Value =>
    constants.find(dtype, shape, data) ?? constants.add(value(dtype, shape, { kind: 'constant', data: data.slice() }));

  const stored: GraphRecorder['stored'] = (recipe) => {
    const key = `${recipe.file}|${recipe.offset}|${recipe.dtype}|${recipe.shape.join()}`;
    const found = weights.get(key);
    if (found) return found;
    const made = value(storedTypes[recipe.dtype], recipe.shape, { kind: 'stored', recipe });
    weights.set(key, made);
    return made;
  };

  const int64: GraphBuilder['int64'] = (values, shape = [values.length]) =>
    bytesConstant('int64', shape, new Uint8Array(BigInt64Array.from(values, (each) => BigInt(each)).buffer));

  const reshape: GraphBuilder['reshape'] = (x, shape) => {
    if (sameNumbers(x.shape, shape)) return x;
    if (x.source.kind === 'constant') return bytesConstant(x.dtype, shape, x.source.data);
    if (x.source.kind === 'stored') return stored({ ...x.source.recipe, shape: [...shape] });
    const producer = nodeOf(x);
    if (producer?.op === 'Reshape') return reshape(producer.inputs[0]!, shape);
    // Without allowzero, a 0 would mean: keep the length of that axis.
    const attributes: Attributes = shape.includes(0) ? { allowzero: 1 } : {};
    return op('Reshape', [x, int64(shape)], { shape, dtype: x.dtype }, attributes);
  };

  const transpose: GraphBuilder['transpose'] = (x, axes) => {
    if (axes.every((axis, index) => axis === index)) return x;
    const producer = nodeOf(x);
    if (producer?.op === 'Transpose') {
      const inner = producer.attributes['perm'] as readonly number[];
      return transpose(
        producer.inputs[0]!,
        axes.map((axis) => inner[axis]!),
      );
    }
    const shape = axes.map((axis) => x.shape[axis]!);
    // Axes of length 1 can move without moving an element.
    const long = axes.filter((axis) => x.shape[axis] !== 1);
    if (long.every((axis, index) => index === 0 || long[index - 1]! < axis)) return reshape(x, shape);
    return op('Transpose', [x], { shape, dtype: x.dtype }, { perm: [...axes] });
  };

  const cast: GraphBuilder['cast'] = (x, dtype) => {
    if (x.dtype === dtype) return x;
    const folded = castConstant(x, dtype);
    if (folded) return bytesConstant(dtype, x.shape, folded);
    return op('Cast', [x], { shape: x.shape, dtype }, { to: onnxTypes[dtype] });
  };

  return {
    nodes,
    op,
    ops,
    constant: (data, shape) =>
      bytesConstant(elementTypeOf(data), shape, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
    scalar: (number, dtype) => bytesConstant(dtype, [], scalarBytes(number, dtype)),
    int64,
    reshape,
    transpose,
    cast,
    constantValues: (x) => (x.source.kind === 'constant' && x.dtype !== 'int64' ? typedView(x) : undefined),
    input: (name, { dtype, shape }) => value(dtype, shape, { kind: 'input', name }),
    stored,
    bytes: (data, { dtype, shape }) => bytesConstant(dtype, shape, data),
    values(recipe) {
      const found = weights.get(recipe);
      if (found) return found;
      const made = value(recipe.dtype === 'F32' ? 'float32' : 'int32', recipe.shape, { kind: 'values', recipe });
      weights.set(recipe, made);
      return made;
    },
    copy(node, inputs) {
      const [x] = inputs;
      if (x && node.op === 'Transpose') return [transpose(x, node.attributes['perm'] as readonly number[])];
      if (x && node.op === 'Reshape') return [reshape(x, node.outputs[0]!.shape)];
      if (x && node.op === 'Cast') return [cast(x, node.outputs[0]!.dtype)];
      return ops(node.op, inputs, node.outputs, node.attributes, node.domain);
    },
    setScope(next) {
      scope = next;
    },
  };
}

const storedTypes = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U8: 'uint8',
  BOOL: 'bool',
} as const satisfies Readonly<Record<StoredSource['recipe']['dtype'], ElementType>>;

function elementTypeOf(data: Float32Array | Int32Array | Uint8Array): ElementType {
  if (data instanceof Float32Array) return 'float32';
  return data instanceof Int32Array ? 'int32' : 'bool';
}

function scalarBytes(number: number, dtype: 'float32' | 'int32' | 'bool'): Uint8Array {
  if (dtype === 'float32') return new Uint8Array(Float32Array.of(number).buffer);
  if (dtype === 'int32') return new Uint8Array(Int32Array.of(number).buffer);
  return Uint8Array.of(number === 0 ? 0 : 1);
}

export function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}

function nodeKey(
  op: string,
  domain: string,
  inputs: readonly (Value | null)[],
  attributes: Attributes,
  types: readonly TensorType[],
): string {
  const read = inputs.map((each) => each?.id ?? '').join();
  const given = Object.entries(attributes).map(([name, attribute]) => `${name}=${attributeKey(attribute)}`);
  const yields = types.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`);
  return `${domain}:${op}(${read})${given.join(';')}>${yields.join()}`;
}

function attributeKey(attribute: Attribute): string {
  if (typeof attribute === 'string') return JSON.stringify(attribute);
  if (typeof attribute === 'number') return String(attribute);
  if ('float' in attribute) return `f${attribute.float}`;
  if ('floats' in attribute) return `f[${attribute.floats.join()}]`;
  return `[${attribute.join()}]`;
}
