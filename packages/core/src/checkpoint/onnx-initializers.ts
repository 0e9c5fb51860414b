import { platform } from '#platform';
import { CheckpointError } from '../errors';
import type { Json } from '../signal/signal';
import type { ByteSource } from './byte-source';
import type { Checkpoint } from './checkpoint';
import { createCheckpoint } from './create-checkpoint';
import { onnxEntry, readOnnxTensor, readPair } from './onnx-tensor';
import { wireReader, type WireField, type WireReader } from './protobuf-wire';
import type { TensorEntry } from './tensor-storage';

const maximumNodes = 100_000;
const maximumTensors = 100_000;

/** Whether the first bytes can be a `ModelProto`: `ir_version` (1 to 31), then a field that models have. */
export function looksLikeOnnx(head: Uint8Array): boolean {
  const next = head[2] ?? 0;
  // Producer name, version, domain, doc string, graph, opset import; or the model version.
  return (
    head[0] === 0x08 && head[1]! >= 1 && head[1]! < 32 && [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42].includes(next)
  );
}

/** A node of the graph, as `metadata.nodes` lists it. */
interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/**
 * Opens the initializers of an ONNX model, and the tensors of its `Constant` nodes under the name of their output.
 * `metadata` is `{ producer, properties, nodes: [{ name, operator, inputs, outputs }] }`: official names often survive
 * only in the path of the node that uses an initializer. External data is found beside a model that is a file.
 *
 * @throws {CheckpointError} `malformed`, `limit-exceeded`.
 */
export async function openOnnx(source: ByteSource, signal?: AbortSignal): Promise<Checkpoint> {
  const wire = wireReader(source, signal);
  const external = new Map<string, Promise<ByteSource>>();
  const openExternal = (location: string): Promise<ByteSource> => {
    const known =
      external.get(location) ?? platform.openFile(platform.joinPath(platform.folderOf(source.name), location));
    external.set(location, known);
    return known;
  };
  const closeExternal = async () => {
    for (const opened of await Promise.allSettled(external.values()))
      if (opened.status === 'fulfilled') await opened.value.close();
  };
  try {
    const { tensors, nodes, producer, properties } = await readModel(wire, source);
    const entries = new Map<string, TensorEntry>();
    for (const [name, field] of tensors) {
      const tensor = { ...(await readOnnxTensor(wire, field)), name };
      entries.set(name, await onnxEntry(wire, source, tensor, source.file === undefined ? undefined : openExternal));
    }
    const files = await Promise.all(external.values());
    return createCheckpoint({
      source: source.name,
      format: 'onnx',
      entries,
      metadata: { producer, properties, nodes: nodes as unknown as Json },
      files: [source, ...files].flatMap(({ file, size }) => (file === undefined ? [] : [{ path: file, bytes: size }])),
      close: async () => {
        await closeExternal();
        await source.close();
      },
    });
  } catch (error) {
    await closeExternal();
    throw error;
  }
}

interface ModelParts {
  readonly tensors: ReadonlyMap<string, WireField>;
  readonly nodes: readonly OnnxNode[];
  readonly producer: string;
  readonly properties: Readonly<Record<string, string>>;
}

async function readModel(wire: WireReader, source: ByteSource): Promise<ModelParts> {
  const tensors = new Map<string, WireField>();
  const nodes: OnnxNode[] = [];
  const properties: [string, string][] = [];
  let producer = '';
  let graphs = 0;
  for await (const field of wire.fields(0, source.size)) {
    if (field.number === 2) producer = await wire.text(field);
    else if (field.number === 14) properties.push([...(await readPair(wire, field))]);
    else if (field.number === 7) {
      graphs += 1;
      await readGraph(wire, source, field, tensors, nodes);
    }
  }
  if (graphs !== 1) throw fault(source, 'one graph', `${graphs}`);
  return { tensors, nodes, producer, properties: Object.fromEntries(properties) };
}

function fault(
  source: ByteSource,
  expected: string,
  actual: string,
  code: 'malformed' | 'limit-exceeded' = 'malformed',
): CheckpointError {
  return new CheckpointError(code, `${source.name}: ONNX: expected ${expected}, got ${actual}.`, {
    source: source.name,
  });
}

async function readGraph(
  wire: WireReader,
  source: ByteSource,
  graph: WireField,
  tensors: Map<string, WireField>,
  nodes: OnnxNode[],
): Promise<void> {
  const add = (name: string, field: WireField) => {
    if (name === '' || tensors.has(name))
      throw fault(source, 'every tensor under a name of its own', JSON.stringify(name));
    tensors.set(name, field);
    if (tensors.size > maximumTensors)
      throw fault(source, `at most ${maximumTensors} tensors`, 'more', 'limit-exceeded');
  };
  for await (const field of wire.fields(graph.start, graph.start + graph.length)) {
    if (field.number === 1 && field.wireType === 2) {
      const { node, value } = await readNode(wire, field);
      if (node.operator === 'Constant' && value && node.outputs[0] !== undefined) add(node.outputs[0], value);
      if (nodes.push(node) > maximumNodes)
        throw fault(source, `at most ${maximumNodes} nodes`, 'more', 'limit-exceeded');
    } else if (field.number === 5 && field.wireType === 2) add(await tensorName(wire, field), field);
  }
}

async function tensorName(wire: WireReader, field: WireField): Promise<string> {
  for await (const part of wire.fields(field.start, field.start + field.length))
    if (part.number === 8) return wire.text(part);
  return '';
}

async function readNode(
  wire: WireReader,
  field: WireField,
): Promise<{ readonly node: OnnxNode; readonly value: WireField | undefined }> {
  const inputs: string[] = [];
  const outputs: string[] = [];
  let name = '';
  let operator = '';
  let value: WireField | undefined;
  for await (const part of wire.fields(field.start, field.start + field.length)) {
    if (part.number === 1) inputs.push(await wire.text(part));
    else if (part.number === 2) outputs.push(await wire.text(part));
    else if (part.number === 3) name = await wire.text(part);
    else if (part.number === 4) operator = await wire.text(part);
    else if (part.number === 5) value ??= await tensorAttribute(wire, part);
  }
  return { node: { name, operator, inputs, outputs }, value };
}

/** The tensor of an attribute `value`. */
async function tensorAttribute(wire: WireReader, attribute: WireField): Promise<WireField | undefined> {
  let name = '';
  let tensor: WireField | undefined;
  for await (const part of wire.fields(attribute.start, attribute.start + attribute.length)) {
    if (part.number === 1) name = await wire.text(part);
    else if (part.number === 5) tensor = part;
  }
  return name === 'value' ? tensor : undefined;
}
