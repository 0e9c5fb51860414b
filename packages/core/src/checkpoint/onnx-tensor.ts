import { CheckpointError } from '../errors';
import type { ByteSource } from './byte-source';
import { isInnerFile } from './inner-path';
import type { WireField, WireReader } from './protobuf-wire';
import { elementCount, storedBytesPerElement } from './recipes';
import { memoryStorage, sourceStorage, subStorage, type TensorEntry, type TensorStorage } from './tensor-storage';
import type { StoredDtype } from './weight-recipe';

/** `TensorProto.DataType`. */
const storedDtypes: Readonly<Record<number, StoredDtype>> = {
  1: 'F32',
  2: 'U8',
  3: 'I8',
  5: 'I16',
  6: 'I32',
  7: 'I64',
  9: 'BOOL',
  10: 'F16',
  11: 'F64',
  16: 'BF16',
};

/** Values that are not packed into one field each take an object here. */
const maximumPieces = 100_000;

/** A `TensorProto` whose data is not read yet. */
export interface OnnxTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: number;
  readonly raw: WireField | undefined;
  /** Pieces of `float_data`, `double_data`: little-endian elements as they are. */
  readonly fixed: readonly WireField[];
  /** Pieces of `int32_data`, `int64_data`: varints. */
  readonly varints: readonly WireField[];
  readonly external: ReadonlyMap<string, string> | undefined;
}

/** Reads a `TensorProto`, its data excepted. @throws {CheckpointError} `malformed`. */
export async function readOnnxTensor(wire: WireReader, field: WireField): Promise<OnnxTensor> {
  const shape: number[] = [];
  const fixed: WireField[] = [];
  const varints: WireField[] = [];
  const external = new Map<string, string>();
  let name = '';
  let type = 0;
  let isExternal = false;
  let raw: WireField | undefined;
  for await (const part of wire.fields(field.start, field.start + field.length)) {
    if (part.number === 1) shape.push(...(await wire.integers(part)).slice(0, 65));
    else if (part.number === 2) type = part.value;
    else if (part.number === 8) name = await wire.text(part);
    else if (part.number === 9) raw = part;
    else if (part.number === 4 || part.number === 10) fixed.push(part);
    else if (part.number === 5 || part.number === 7) varints.push(part);
    else if (part.number === 14) isExternal = part.value === 1;
    else if (part.number === 13) {
      const [key, value] = await readPair(wire, part);
      external.set(key, value);
    }
    if (shape.length > maximumPieces || fixed.length > maximumPieces || varints.length > maximumPieces) {
      throw new CheckpointError('limit-exceeded', `${wire.name}: ONNX: expected packed values, got one by one.`, {
        source: wire.name,
      });
    }
  }
  return { name, shape, type, raw, fixed, varints, external: isExternal ? external : undefined };
}

/** A `StringStringEntryProto`. */
export async function readPair(wire: WireReader, field: WireField): Promise<readonly [string, string]> {
  let key = '';
  let value = '';
  for await (const part of wire.fields(field.start, field.start + field.length)) {
    if (part.number === 1) key = await wire.text(part);
    else if (part.number === 2) value = await wire.text(part);
  }
  return [key, value];
}

/**
 * The entry of a tensor.
 *
 * @param externalSource - Opens the file of external data; undefined where the model is no file.
 * @throws {CheckpointError} `malformed` where data and shape contradict each other.
 */
export async function onnxEntry(
  wire: WireReader,
  source: ByteSource,
  tensor: OnnxTensor,
  externalSource: ((location: string) => Promise<ByteSource>) | undefined,
): Promise<TensorEntry> {
  const { shape, type, name } = tensor;
  const fail = (expected: string, actual: string): never => {
    throw new CheckpointError('malformed', `${source.name}: ${name}: expected ${expected}, got ${actual}.`, {
      source: source.name,
    });
  };
  if (shape.length > 64 || shape.some((length) => !Number.isSafeInteger(length) || length < 0))
    fail('a shape', `[${shape.slice(0, 8).join(', ')}]`);
  const dtype = Object.hasOwn(storedDtypes, type) ? storedDtypes[type] : undefined;
  const unsupported = (what: string): TensorEntry => ({
    shape,
    dtype: { unsupported: what },
    storage: memoryStorage(new Uint8Array()),
    byteOffset: 0,
  });
  if (dtype === undefined) return unsupported(`ONNX data type ${type}`);
  const bytes = elementCount(shape) * storedBytesPerElement(dtype);
  if (!Number.isSafeInteger(bytes)) fail('fewer than 2^53 bytes', `the shape [${shape.join(', ')}]`);
  let storage: TensorStorage;
  if (tensor.external) {
    if (!externalSource) return unsupported('external data of a model that is no file');
    storage = await externalStorage(tensor.external, externalSource, bytes, fail);
  } else if (tensor.raw) storage = sourceStorage(source, tensor.raw.start, tensor.raw.length);
  else if (tensor.fixed.length === 1) storage = sourceStorage(source, tensor.fixed[0]!.start, tensor.fixed[0]!.length);
  else storage = joinedStorage(wire, tensor, dtype, bytes, fail);
  if (storage.bytes !== bytes) fail(`${bytes} bytes of data for ${dtype} [${shape.join(', ')}]`, `${storage.bytes}`);
  return { shape, dtype, storage, byteOffset: 0 };
}

type Fail = (expected: string, actual: string) => never;

async function externalStorage(
  external: ReadonlyMap<string, string>,
  open: (location: string) => Promise<ByteSource>,
  bytes: number,
  fail: Fail,
): Promise<TensorStorage> {
  const location = external.get('location') ?? '';
  // Relative and inside of the folder, as ONNX Runtime asks for.
  if (!isInnerFile(location)) return fail('external data inside of the folder', JSON.stringify(location));
  const count = (text: string) => (/^\d{1,16}$/.test(text) ? Number(text) : Number.NaN);
  const offset = count(external.get('offset') ?? '0');
  const length = count(external.get('length') ?? String(bytes));
  const source = await open(location);
  if (![offset, length].every((count) => Number.isSafeInteger(count) && count >= 0) || offset + length > source.size) {
    return fail(`external data within the ${source.size} bytes of ${location}`, `${length} bytes at ${offset}`);
  }
  return subStorage(sourceStorage(source, 0, source.size), offset, length);
}

/** Repeated fields in pieces or as varints: read, and joined, each time that they are asked for. */
function joinedStorage(
  wire: WireReader,
  tensor: OnnxTensor,
  dtype: StoredDtype,
  bytes: number,
  fail: Fail,
): TensorStorage {
  const pieces = tensor.fixed.length > 0 ? tensor.fixed : tensor.varints;
  // A varint takes a byte at least and an element eight at most: refuse before anything large is made.
  const held = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (bytes > held * 8) fail(`${bytes} bytes of data`, `at most ${held * 8}`);
  return {
    bytes,
    shared: true,
    indivisible: true,
    async read(offset, length) {
      const all = await joinedData(wire, tensor, dtype, bytes, fail);
      return all.subarray(offset, offset + length);
    },
  };
}

/** Little-endian elements. */
async function joinedData(
  wire: WireReader,
  tensor: OnnxTensor,
  dtype: StoredDtype,
  bytes: number,
  fail: Fail,
): Promise<Uint8Array> {
  const out = new Uint8Array(bytes);
  let position = 0;
  if (tensor.fixed.length > 0) {
    for (const piece of tensor.fixed) {
      if (position + piece.length > bytes) fail(`${bytes} bytes of data`, 'more');
      out.set(await wire.bytes(piece), position);
      position += piece.length;
    }
  } else {
    const view = new DataView(out.buffer);
    for (const piece of tensor.varints) {
      await wire.eachInteger(piece, (value) => {
        if (position + storedBytesPerElement(dtype) > bytes) fail(`${bytes} bytes of data`, 'more');
        position += writeInteger(view, position, dtype, value);
      });
    }
  }
  if (position !== bytes) fail(`${bytes} bytes of data`, `${position}`);
  return out;
}

/** `int32_data` carries small integers, booleans and the bits of 16-bit floats. */
function writeInteger(view: DataView, position: number, dtype: StoredDtype, value: number): number {
  const size = storedBytesPerElement(dtype);
  if (size === 8) view.setBigInt64(position, BigInt(Math.trunc(value)), true);
  else if (size === 4) view.setInt32(position, value, true);
  else if (size === 2) view.setInt16(position, value, true);
  else view.setInt8(position, value);
  return size;
}
