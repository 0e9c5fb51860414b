import { CheckpointError } from '../errors';
import type { ByteSource } from './byte-source';
import { elementCount, storedBytesPerElement } from './recipes';
import type { StoredDtype } from './weight-recipe';
import { emptyValues, isFloatDtype, widenInto, type Label, type Values } from './widen';

/** A run of bytes that one or more tensors are views of. */
export interface TensorStorage {
  readonly bytes: number;
  /** Where the bytes lie unchanged in a real file. */
  readonly place?: { readonly file: string; readonly offset: number };
  /** Whether `read` gives views of memory that others own. */
  readonly shared: boolean;
  /** Set where every read costs as much as reading all of it (compressed bytes). */
  readonly indivisible?: boolean;
  /** All bytes from the first to the last, in pieces: for indivisible storages that are too large to hold. */
  stream?(signal?: AbortSignal): AsyncGenerator<Uint8Array>;
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** A tensor of a checkpoint, unread. */
export interface TensorEntry {
  readonly shape: readonly number[];
  /** A dtype of the file that cannot be read is kept as its name: only touching that tensor fails. */
  readonly dtype: StoredDtype | { readonly unsupported: string };
  readonly storage: TensorStorage;
  /** Bytes from the start of the storage to element 0. */
  readonly byteOffset: number;
  /** Elements between neighbours along each axis; absent: contiguous, row-major. */
  readonly strides?: readonly number[];
}

/** A part of a source as a storage. */
export function sourceStorage(source: ByteSource, offset: number, bytes: number): TensorStorage {
  return {
    bytes,
    ...(source.file !== undefined && { place: { file: source.file, offset } }),
    shared: source.shared,
    read: (from, length, signal) => source.read(offset + from, length, signal),
  };
}

/** A part of a storage. */
export function subStorage(storage: TensorStorage, offset: number, bytes: number): TensorStorage {
  const { stream: _, ...rest } = storage;
  return {
    ...rest,
    bytes,
    ...(storage.place && { place: { file: storage.place.file, offset: storage.place.offset + offset } }),
    read: (from, length, signal) => storage.read(offset + from, length, signal),
  };
}

/** Bytes in memory as a storage. */
export function memoryStorage(bytes: Uint8Array): TensorStorage {
  return {
    bytes: bytes.length,
    shared: true,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  };
}

/** Whether elements lie row-major without gaps; axes of length 1 may have any stride. */
export function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
    if (shape[axis] === 1) continue;
    if (strides[axis] !== expected) return false;
    expected *= shape[axis]!;
  }
  return true;
}

/** An expanded tensor may have more elements than its storage; beyond this count it is taken for an attack. */
const expandedElements = 2 ** 24;

/**
 * Checks a view against its storage.
 *
 * @returns The entry, with `strides` only where they matter.
 * @throws {CheckpointError} `malformed` where the view leaves the storage or its numbers are no counts,
 * `limit-exceeded` where a view with stride 0 would blow up.
 */
export function checkedEntry(
  entry: TensorEntry & { readonly dtype: StoredDtype },
  { tensor, source }: Label,
): TensorEntry {
  const { shape, strides, storage, byteOffset, dtype } = entry;
  const size = storedBytesPerElement(dtype);
  const fail = (code: 'malformed' | 'limit-exceeded', expected: string, actual: string): never => {
    throw new CheckpointError(code, `${source}: ${tensor}: expected ${expected}, got ${actual}.`, { source });
  };
  const counts = [...shape, ...(strides ?? []), byteOffset];
  if (counts.some((count) => !Number.isSafeInteger(count) || count < 0)) {
    fail(
      'malformed',
      'a shape, strides and an offset of non-negative integers',
      `[${shape.join(', ')}], [${strides?.join(', ') ?? ''}], ${byteOffset}`,
    );
  }
  if (strides && strides.length !== shape.length) {
    fail('malformed', `${shape.length} strides`, `${strides.length}`);
  }
  const count = elementCount(shape);
  if (!Number.isSafeInteger(count * size))
    fail('malformed', 'fewer than 2^53 bytes', `the shape [${shape.join(', ')}]`);
  const contiguous = strides === undefined || count === 0 || isContiguous(shape, strides);
  const span = count === 0 ? 0 : contiguous ? count : spanOf(shape, strides);
  const end = byteOffset + span * size;
  if (!(end <= storage.bytes) && count > 0) {
    fail('malformed', `a storage of at least ${end} bytes for the shape [${shape.join(', ')}]`, `${storage.bytes}`);
  }
  if (!contiguous && count > span && count > expandedElements) {
    fail('limit-exceeded', `at most ${expandedElements} elements in an expanded tensor`, `${count}`);
  }
  const { strides: _, ...rest } = entry;
  return contiguous ? rest : { ...rest, strides: strides! };
}

/** Elements from the first to the last one that a view touches. */
export function spanOf(shape: readonly number[], strides: readonly number[]): number {
  return shape.reduce((last, length, axis) => last + (length - 1) * strides[axis]!, 0) + 1;
}

/** Bytes read at a time where they are not the result themselves. */
const blockBytes = 16 * 1024 * 1024;

type ReadableEntry = TensorEntry & { readonly dtype: StoredDtype };

/** Reads and widens a whole tensor, row-major. */
export async function readEntry(entry: ReadableEntry, label: Label, signal?: AbortSignal): Promise<Values> {
  signal?.throwIfAborted();
  const { shape, dtype, storage, byteOffset, strides } = entry;
  const count = elementCount(shape);
  const size = storedBytesPerElement(dtype);
  if (strides || count === 0 || ((dtype === 'F32' || dtype === 'I32') && !storage.shared)) {
    const bytes = await readEntryBytes(entry, signal);
    const { buffer, byteOffset: start } = bytes;
    if (dtype === 'F32' && start % 4 === 0) return new Float32Array(buffer, start, count);
    if (dtype === 'I32' && start % 4 === 0) return new Int32Array(buffer, start, count);
    const out = emptyValues(dtype, count);
    widenInto(bytes, dtype, out, 0, label);
    return out;
  }
  const out = emptyValues(dtype, count);
  const step = storage.indivisible ? count : Math.floor(blockBytes / size);
  for (let start = 0; start < count; start += step) {
    signal?.throwIfAborted();
    const length = Math.min(step, count - start);
    widenInto(await storage.read(byteOffset + start * size, length * size, signal), dtype, out, start, label);
  }
  return out;
}

/** The elements of a tensor as they are stored, row-major, little-endian. The bytes belong to the caller. */
export async function readEntryBytes(entry: ReadableEntry, signal?: AbortSignal): Promise<Uint8Array> {
  const { shape, dtype, storage, byteOffset, strides } = entry;
  const count = elementCount(shape);
  if (count === 0) return new Uint8Array();
  const size = storedBytesPerElement(dtype);
  const span = strides ? spanOf(shape, strides) : count;
  const bytes = await storage.read(byteOffset, span * size, signal);
  if (!strides) return storage.shared ? bytes.slice() : bytes;
  const from = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  const out = new Uint8Array(count * size);
  // Copied as integers of the same width, so that no NaN changes; the widths do not mix.
  gather(elementsOf(from, size) as Uint8Array, elementsOf(out, size) as Uint8Array, shape, strides);
  return out;
}

/** The same bytes as unsigned integers of 1, 2, 4 or 8 bytes; they have to be aligned. */
export function elementsOf(bytes: Uint8Array, size: number): Uint8Array | Uint16Array | Uint32Array | BigUint64Array {
  const { buffer, byteOffset, byteLength } = bytes;
  if (size === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  if (size === 4) return new Uint32Array(buffer, byteOffset, byteLength / 4);
  return size === 8 ? new BigUint64Array(buffer, byteOffset, byteLength / 8) : bytes;
}

function gather(source: Uint8Array, out: Uint8Array, shape: readonly number[], strides: readonly number[]): void {
  const last = shape.length - 1;
  const innerLength = shape[last]!;
  const innerStride = strides[last]!;
  const position = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let target = 0; target < out.length; target += innerLength) {
    for (let i = 0; i < innerLength; i += 1) out[target + i] = source[from + i * innerStride]!;
    for (let axis = last - 1; axis >= 0; axis -= 1) {
      position[axis] = position[axis]! + 1;
      from += strides[axis]!;
      if (position[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      position[axis] = 0;
    }
  }
}

/** Whether the values of a dtype are float32 once read. */
export function valueDtype(dtype: StoredDtype): 'F32' | 'I32' {
  return isFloatDtype(dtype) ? 'F32' : 'I32';
}
