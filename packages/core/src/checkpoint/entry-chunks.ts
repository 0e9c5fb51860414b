import { elementCount, storedBytesPerElement } from './recipes';
import { elementsOf, readEntryBytes, spanOf, type TensorEntry, type TensorStorage } from './tensor-storage';
import type { StoredDtype } from './weight-recipe';

export interface ChunkSizes {
  /** Bytes given at a time. */
  readonly chunk: number;
  /** A strided tensor is put in order in pieces of this size; larger ones take one pass over the storage each. */
  readonly ordered: number;
}

const usualSizes: ChunkSizes = { chunk: 8 * 1024 * 1024, ordered: 48 * 1024 * 1024 };

type ReadableEntry = TensorEntry & { readonly dtype: StoredDtype };

/**
 * The elements of a tensor as they are stored, row-major, little-endian, in pieces of whole elements: so that a tensor
 * of any size takes some 100 MB. Each piece belongs to the caller.
 */
export async function* entryChunks(
  entry: ReadableEntry,
  signal?: AbortSignal,
  sizes: ChunkSizes = usualSizes,
): AsyncGenerator<Uint8Array> {
  const { shape, dtype, storage, byteOffset, strides } = entry;
  const count = elementCount(shape);
  if (count === 0) return;
  const size = storedBytesPerElement(dtype);
  if (!strides) {
    yield* wholeElements(storageChunks(storage, byteOffset, count * size, sizes, signal), size);
    return;
  }
  if (spanOf(shape, strides) * size <= sizes.ordered && count * size <= sizes.ordered) {
    yield* slices(await readEntryBytes(entry, signal), sizes);
    return;
  }
  for (const piece of orderedPieces(shape, strides, Math.max(1, Math.floor(sizes.ordered / size))))
    yield* slices(await ordered(entry, piece, sizes, signal), sizes);
}

function* slices(bytes: Uint8Array, { chunk }: ChunkSizes): Generator<Uint8Array> {
  // Elements are 1, 2, 4 or 8 bytes.
  const step = Math.max(8, chunk - (chunk % 8));
  for (let at = 0; at < bytes.length; at += step) yield bytes.slice(at, at + step);
}

/** A range of a storage in pieces of any length. */
async function* storageChunks(
  storage: TensorStorage,
  offset: number,
  length: number,
  sizes: ChunkSizes,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  if (storage.stream) {
    let position = 0;
    for await (const chunk of storage.stream(signal)) {
      const from = Math.max(0, offset - position);
      const to = Math.min(chunk.length, offset + length - position);
      if (from < to) yield chunk.slice(from, to);
      position += chunk.length;
    }
    return;
  }
  const step = storage.indivisible ? length : sizes.chunk;
  for (let at = 0; at < length; at += step) {
    signal?.throwIfAborted();
    const bytes = await storage.read(offset + at, Math.min(step, length - at), signal);
    yield storage.shared ? bytes.slice() : bytes;
  }
}

/** The same bytes in pieces that end at elements. */
async function* wholeElements(chunks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let rest = new Uint8Array();
  for await (const chunk of chunks) {
    const joined = rest.length === 0 ? chunk : concatenated(rest, chunk);
    const whole = joined.length - (joined.length % size);
    rest = joined.slice(whole);
    if (whole > 0) yield joined.byteOffset % size === 0 ? joined.subarray(0, whole) : joined.slice(0, whole);
  }
}

function concatenated(first: Uint8Array, second: Uint8Array): Uint8Array {
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** Rows of one length whose elements have one stride, one behind the other in the result. */
interface Piece {
  /** Element of the storage, from the tensor's first one, at which each row begins. */
  readonly starts: Float64Array;
  readonly length: number;
  readonly stride: number;
}

/** A view as rows along its last axis, so many elements at a time; longer rows are cut. */
function* orderedPieces(shape: readonly number[], strides: readonly number[], elements: number): Generator<Piece> {
  const outer = shape.slice(0, -1);
  const rowLength = shape.at(-1)!;
  const stride = strides.at(-1)!;
  const rows = elementCount(outer);
  const start = (row: number): number => {
    let rest = row;
    let element = 0;
    for (let axis = outer.length - 1; axis >= 0; axis -= 1) {
      element += (rest % outer[axis]!) * strides[axis]!;
      rest = Math.floor(rest / outer[axis]!);
    }
    return element;
  };
  const rowsAtOnce = Math.max(1, Math.floor(elements / rowLength));
  const columnsAtOnce = Math.min(rowLength, elements);
  for (let row = 0; row < rows; row += rowsAtOnce) {
    const count = Math.min(rowsAtOnce, rows - row);
    for (let column = 0; column < rowLength; column += columnsAtOnce) {
      yield {
        starts: Float64Array.from({ length: count }, (_, index) => start(row + index) + column * stride),
        length: Math.min(columnsAtOnce, rowLength - column),
        stride,
      };
    }
  }
}

/** A piece in order: one pass over what it touches. */
async function ordered(
  { dtype, storage, byteOffset }: ReadableEntry,
  piece: Piece,
  sizes: ChunkSizes,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const size = storedBytesPerElement(dtype);
  const { starts, length, stride } = piece;
  const begin = starts.reduce((least, start) => Math.min(least, start), Number.POSITIVE_INFINITY);
  const end = starts.reduce((most, start) => Math.max(most, start), 0) + (length - 1) * stride + 1;
  const out = new Uint8Array(starts.length * length * size);
  // Copied as integers of the same width, so that no NaN changes; the widths do not mix.
  const target = elementsOf(out, size) as Uint8Array;
  let position = begin;
  const touched = storageChunks(storage, byteOffset + begin * size, (end - begin) * size, sizes, signal);
  for await (const chunk of wholeElements(touched, size)) {
    const source = elementsOf(chunk, size) as Uint8Array;
    const last = position + source.length;
    for (const [row, start] of starts.entries()) {
      const [from, to] = indicesWithin(start, piece, position, last);
      const at = start - position;
      const place = row * length;
      for (let index = from; index < to; index += 1) target[place + index] = source[at + index * stride]!;
    }
    position = last;
  }
  return out;
}

/** Which elements of a row lie in `[position, last)`. */
function indicesWithin(
  start: number,
  { length, stride }: Piece,
  position: number,
  last: number,
): readonly [from: number, to: number] {
  if (stride === 0) return start >= position && start < last ? [0, length] : [0, 0];
  const from = Math.max(0, Math.ceil((position - start) / stride));
  const to = Math.min(length, Math.ceil((last - start) / stride));
  return [from, to];
}
