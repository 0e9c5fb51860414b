import { onnxTypes } from '../trace/element-types';
import type { Attribute, GraphNode, TensorType, Value } from '../trace/graph';
import {
  protobufBytes,
  protobufMessage,
  putBytes,
  putFloat,
  putInteger,
  putMessage,
  putPackedFloats,
  putPackedIntegers,
  putString,
  type ProtobufMessage,
} from './protobuf';

/** Where the bytes of a weight are. */
export type WeightPlace =
  | { readonly kind: 'inline'; readonly data: Uint8Array }
  /** `location` is relative to the folder that the session is told. */
  | { readonly kind: 'external'; readonly location: string; readonly offset: number; readonly length: number };

/** A graph with the names that it has outside. */
export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly NamedValue[];
  readonly outputs: readonly NamedValue[];
  readonly nodes: readonly GraphNode[];
}

export interface NamedValue {
  readonly name: string;
  readonly value: Value;
}

/** ONNX versions that ONNX Runtime 1.30 loads, in Node and in browsers. */
const irVersion = 10;
const opsets = [
  ['', 20],
  ['com.microsoft', 1],
] as const;

/**
 * A `ModelProto`.
 *
 * Outputs end with an Identity of their own: one value may be an input, a weight, or several outputs.
 *
 * @param placeOf - Where a weight lies; asked once for each that a node or an output reads.
 * @see https://github.com/onnx/onnx/blob/v1.17.0/onnx/onnx.proto
 */
export function writeModel(graph: OnnxGraph, placeOf: (weight: Value) => WeightPlace): Uint8Array<ArrayBuffer> {
  const model = protobufMessage();
  putInteger(model, 1, irVersion);
  for (const [domain, version] of opsets) {
    const opset = protobufMessage();
    putString(opset, 1, domain);
    putInteger(opset, 2, version);
    putMessage(model, 8, opset);
  }
  putString(model, 2, 'tesserae');
  putMessage(model, 7, graphMessage(graph, placeOf));
  return protobufBytes(model);
}

function graphMessage(graph: OnnxGraph, placeOf: (weight: Value) => WeightPlace): ProtobufMessage {
  const inputNames = new Map(graph.inputs.map(({ name, value }) => [value, name]));
  const nameOf = (value: Value): string => inputNames.get(value) ?? `v${value.id}`;
  const message = protobufMessage();
  for (const node of graph.nodes) {
    putMessage(message, 1, nodeMessage(node, `${node.scope || graph.name}/${node.op}#${node.id}`, nameOf));
  }
  for (const { name, value } of graph.outputs) putMessage(message, 1, identity(nameOf(value), name));
  putString(message, 2, graph.name);
  for (const value of initializers(graph)) putMessage(message, 5, tensor(nameOf(value), value, placeOf));
  for (const { name, value } of graph.inputs) putMessage(message, 11, valueInfo(name, value));
  for (const { name, value } of graph.outputs) putMessage(message, 12, valueInfo(name, value));
  return message;
}

/** Constants and weights that the graph reads, each once. */
export function initializers({ nodes, inputs, outputs }: Omit<OnnxGraph, 'name'>): Value[] {
  const given = new Set(inputs.map(({ value }) => value));
  const found = new Set<Value>();
  const visit = (value: Value | null): void => {
    const kind = value?.source.kind;
    if (value && kind !== 'node' && kind !== 'input' && !given.has(value)) found.add(value);
  };
  for (const node of nodes) node.inputs.forEach(visit);
  for (const { value } of outputs) visit(value);
  return [...found];
}

function nodeMessage(node: GraphNode, name: string, nameOf: (value: Value) => string): ProtobufMessage {
  const message = protobufMessage();
  // An optional input that is left out has an empty name.
  for (const value of node.inputs) putString(message, 1, value ? nameOf(value) : '');
  for (const value of node.outputs) putString(message, 2, nameOf(value));
  putString(message, 3, name);
  putString(message, 4, node.op);
  for (const [key, attribute] of Object.entries(node.attributes))
    putMessage(message, 5, attributeMessage(key, attribute));
  if (node.domain !== '') putString(message, 7, node.domain);
  return message;
}

function identity(from: string, to: string): ProtobufMessage {
  const message = protobufMessage();
  putString(message, 1, from);
  putString(message, 2, to);
  putString(message, 3, `output ${to}`);
  putString(message, 4, 'Identity');
  return message;
}

function attributeMessage(name: string, attribute: Attribute): ProtobufMessage {
  const message = protobufMessage();
  const type = (number: number) => putInteger(message, 20, number);
  putString(message, 1, name);
  if (typeof attribute === 'number') {
    if (!Number.isSafeInteger(attribute))
      throw new Error(`attribute ${name}: expected a whole number, got ${attribute}`);
    putInteger(message, 3, attribute);
    type(2);
  } else if (typeof attribute === 'string') {
    putString(message, 4, attribute);
    type(3);
  } else if ('float' in attribute) {
    putFloat(message, 2, attribute.float);
    type(1);
  } else if ('floats' in attribute) {
    putPackedFloats(message, 7, attribute.floats);
    type(6);
  } else {
    putPackedIntegers(message, 8, attribute);
    type(7);
  }
  return message;
}

function tensor(name: string, value: Value, placeOf: (weight: Value) => WeightPlace): ProtobufMessage {
  const message = protobufMessage();
  const { source } = value;
  if (value.shape.length > 0) putPackedIntegers(message, 1, value.shape);
  putInteger(message, 2, onnxTypes[value.dtype]);
  putString(message, 8, name);
  const place: WeightPlace = source.kind === 'constant' ? { kind: 'inline', data: source.data } : placeOf(value);
  if (place.kind === 'inline') {
    putBytes(message, 9, place.data);
    return message;
  }
  const facts = { location: place.location, offset: String(place.offset), length: String(place.length) };
  for (const [key, fact] of Object.entries(facts)) {
    const entry = protobufMessage();
    putString(entry, 1, key);
    putString(entry, 2, fact);
    putMessage(message, 13, entry);
  }
  putInteger(message, 14, 1);
  return message;
}

function valueInfo(name: string, { dtype, shape }: TensorType): ProtobufMessage {
  const dimensions = protobufMessage();
  for (const length of shape) {
    const dimension = protobufMessage();
    putInteger(dimension, 1, length);
    putMessage(dimensions, 1, dimension);
  }
  const tensorType = protobufMessage();
  putInteger(tensorType, 1, onnxTypes[dtype]);
  putMessage(tensorType, 2, dimensions);
  const type = protobufMessage();
  putMessage(type, 1, tensorType);
  const message = protobufMessage();
  putString(message, 1, name);
  putMessage(message, 2, type);
  return message;
}
