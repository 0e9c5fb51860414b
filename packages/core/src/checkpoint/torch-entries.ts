import { CheckpointError } from '../errors';
import type { Json } from '../signal/signal';
import { describeForeignNames } from './foreign-names';
import { numpyItemBytes, numpyStoredDtype } from './numpy-values';
import type { Unpickled } from './pickle';
import { PickleCut, PickleFault } from './pickle-cursor';
import { pickledMetadata, pickledTensors } from './pickle-tree';
import type { NumpyArray, PickleStorage, PickleTensor } from './pickle-values';
import { elementCount } from './recipes';
import { checkedEntry, memoryStorage, type TensorEntry, type TensorStorage } from './tensor-storage';
import { isPlainName, torchItemBytes } from './torch-names';
import type { StoredDtype } from './weight-recipe';

const storedDtypes: Readonly<Record<string, StoredDtype>> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint8: 'U8',
  bool: 'BOOL',
};

/** Runs a pickle step; what is wrong becomes a `CheckpointError` that names the file. */
export function withPickleErrors<T>(source: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof PickleFault) {
      throw new CheckpointError(
        error.code,
        `${source}: pickle: expected tensors and plain values, got ${error.message}.`,
        { source },
        { cause: error },
      );
    }
    if (error instanceof PickleCut) {
      throw new CheckpointError(
        'malformed',
        `${source}: pickle: expected ${error.message}, got the end of the data.`,
        { source },
        { cause: error },
      );
    }
    throw error;
  }
}

/** What a pickle holds, before its storages are placed. */
export interface PickledContents {
  readonly tensors: ReadonlyMap<string, PickleTensor | NumpyArray>;
  readonly metadata: Json;
  readonly foreignNames: readonly string[];
}

/** Tensors and plain values of a pickled tree. */
export function pickledContents(source: string, { value, globals }: Omit<Unpickled, 'end'>): PickledContents {
  const foreignNames = [...globals].filter((name) => !isPlainName(name));
  return withPickleErrors(source, () => ({
    tensors: pickledTensors(value),
    metadata: pickledMetadata(value),
    foreignNames,
  }));
}

/** @throws {CheckpointError} `unsupported-format` where code is all that a file holds. */
export function refuseBareCode(source: string, tensors: number, foreignNames: readonly string[]): void {
  if (tensors > 0 || foreignNames.length === 0) return;
  throw new CheckpointError(
    'unsupported-format',
    `${source}: expected tensors, got none. ${describeForeignNames(foreignNames)}`,
    { source },
  );
}

/** Distinct storages that tensors use, under their key. */
export function usedStorages(
  tensors: ReadonlyMap<string, PickleTensor | NumpyArray>,
): ReadonlyMap<string, PickleStorage[]> {
  const used = new Map<string, PickleStorage[]>();
  for (const tensor of tensors.values()) {
    if (tensor.kind !== 'tensor' || !tensor.storage) continue;
    const list = used.get(tensor.storage.key);
    if (!list) used.set(tensor.storage.key, [tensor.storage]);
    else if (!list.includes(tensor.storage)) list.push(tensor.storage);
  }
  return used;
}

/** Bytes of a storage. */
export function storageBytes({ dtype, elements }: PickleStorage): number {
  return elements * (torchItemBytes[dtype] ?? 1);
}

/**
 * Entries over placed storages.
 *
 * @throws {CheckpointError} `malformed` where a tensor leaves its storage.
 */
export function torchEntries(
  source: string,
  tensors: ReadonlyMap<string, PickleTensor | NumpyArray>,
  placed: (storage: PickleStorage) => TensorStorage,
): Map<string, TensorEntry> {
  const entries = new Map<string, TensorEntry>();
  for (const [key, tensor] of tensors) {
    const entry = tensor.kind === 'tensor' ? torchEntry(source, key, tensor, placed) : numpyEntry(source, key, tensor);
    if (entry) entries.set(key, entry);
  }
  return entries;
}

const nothing = memoryStorage(new Uint8Array());

function torchEntry(
  source: string,
  key: string,
  tensor: PickleTensor,
  placed: (storage: PickleStorage) => TensorStorage,
): TensorEntry {
  const { shape, strides, storage } = tensor;
  const dtype = Object.hasOwn(storedDtypes, tensor.dtype) ? storedDtypes[tensor.dtype] : undefined;
  if (dtype === undefined || !storage) {
    return { shape, dtype: { unsupported: tensor.dtype }, storage: nothing, byteOffset: 0 };
  }
  const byteOffset = tensor.offset * torchItemBytes[tensor.dtype]!;
  return checkedEntry({ shape, dtype, storage: placed(storage), byteOffset, strides }, { tensor: key, source });
}

/** Arrays without numbers (objects, text) are no tensors: undefined. */
function numpyEntry(
  source: string,
  key: string,
  { shape, dtype, data, fortranOrder }: NumpyArray,
): TensorEntry | undefined {
  const itemBytes = dtype && numpyItemBytes(dtype.code);
  if (!dtype || !data || itemBytes === undefined) return undefined;
  const stored = numpyStoredDtype(dtype.code, dtype.byteOrder);
  if (typeof stored !== 'string') return { shape, dtype: stored, storage: nothing, byteOffset: 0 };
  if (data.length !== elementCount(shape) * itemBytes) {
    throw new CheckpointError(
      'malformed',
      `${source}: ${key}: expected ${elementCount(shape) * itemBytes} bytes, got ${data.length}.`,
      { source },
    );
  }
  return checkedEntry(
    {
      shape,
      dtype: stored,
      storage: memoryStorage(data),
      byteOffset: 0,
      ...(fortranOrder && { strides: columnMajor(shape) }),
    },
    { tensor: key, source },
  );
}

/** Strides of Fortran order. */
export function columnMajor(shape: readonly number[]): number[] {
  let stride = 1;
  return shape.map((length) => {
    const own = stride;
    stride *= length;
    return own;
  });
}
