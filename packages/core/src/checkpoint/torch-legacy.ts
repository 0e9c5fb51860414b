import { CheckpointError } from '../errors';
import type { ByteSource } from './byte-source';
import type { Checkpoint } from './checkpoint';
import { createCheckpoint } from './create-checkpoint';
import { unpickle, type Unpickled } from './pickle';
import { PickleCut, PickleFault } from './pickle-cursor';
import type { PickleNames } from './pickle-machine';
import { isKind, type PickleStorage, type PickleValue } from './pickle-values';
import { sourceStorage, subStorage, type TensorStorage } from './tensor-storage';
import { toleranceHint, tolerates, type ReaderOptions } from './tolerance';
import { pickledContents, refuseBareCode, storageBytes, torchEntries, withPickleErrors } from './torch-entries';
import { torchCall, torchStorage } from './torch-names';

/** First pickle of a file of `torch.save` before 1.6. */
const magic = 0x1950a86a20f9469cfc6cn;
const protocol = 1001;
const firstWindowBytes = 1024 * 1024;
const maximumPickleBytes = 256 * 1024 * 1024;

/** Whether the first bytes are a pickle: protocol 2 and above say so, older ones begin with a container or a class. */
export function looksLikePickle(head: Uint8Array): boolean {
  if (head[0] === 0x80) return head[1]! >= 2 && head[1]! <= 5;
  const text = String.fromCharCode(...head.subarray(0, 128));
  return /^(\([dlt]p\d|\(i[a-zA-Z_][\w.]*\n|[}\])]q|c[a-zA-Z_][\w.]*\n[a-zA-Z_][\w.]*\n)/.test(text);
}

/**
 * Opens a file of `torch.save` before 1.6 (five pickles, then raw storages), or a plain pickle of numpy arrays.
 *
 * @throws {CheckpointError} `malformed`, `unsupported-format` (big-endian), `limit-exceeded`.
 */
export async function openTorchLegacy(source: ByteSource, options: ReaderOptions = {}): Promise<Checkpoint> {
  const { signal } = options;
  const pickles = pickleReader(source, signal);
  const refuseMore = (end: number) => {
    if (end !== source.size && !tolerates(options, 'trailing-bytes'))
      throw fault(source, `a file of ${end} bytes`, `${source.size}${toleranceHint('trailing-bytes')}`);
  };
  const first = await pickles.next({ persistent: refusePersistent, call: torchCall });
  if (first.value !== magic) {
    refuseMore(pickles.position());
    return checkpointOf(source, first, () => missingStorage(source, 'any'));
  }
  const { value: version } = await pickles.next({ persistent: refusePersistent, call: torchCall });
  if (version !== protocol) throw fault(source, `protocol ${protocol}`, describe(version), 'unsupported-format');
  const { value: system } = await pickles.next({ persistent: refusePersistent, call: torchCall });
  if (!isKind(system, 'dict') || system.entries.get('little_endian') !== true) {
    throw fault(source, 'little-endian tensors', 'another byte order', 'unsupported-format');
  }

  const roots = new Map<string, PickleStorage>();
  const views = new Map<PickleStorage, { readonly root: string; readonly offset: number; readonly elements: number }>();
  const root = await pickles.next({
    call: torchCall,
    persistent(id) {
      const { view, ...storage } = torchStorage(id);
      const known = roots.get(storage.key);
      if (known && storageBytes(known) !== storageBytes(storage))
        throw new PickleFault(`two sizes of the storage ${storage.key}`);
      if (!known) roots.set(storage.key, storage);
      if (!view) return storage;
      const part = { ...storage, elements: view.elements };
      views.set(part, { root: storage.key, offset: view.offset, elements: view.elements });
      return part;
    },
  });
  const { value: keys } = await pickles.next({ persistent: refusePersistent, call: torchCall });
  const { placed, end } = await placeStorages(source, keys, roots, pickles.position(), signal);
  refuseMore(end);
  return checkpointOf(source, root, (storage) => {
    const view = views.get(storage);
    const whole = placed.get(view?.root ?? storage.key) ?? missingStorage(source, storage.key);
    if (!view) return whole;
    const bytes = storageBytes(storage);
    const offset = view.offset * (bytes / Math.max(view.elements, 1));
    if (offset + bytes > whole.bytes)
      throw fault(source, `a view within the storage ${view.root}`, `${bytes} bytes at ${offset}`);
    return subStorage(whole, offset, bytes);
  });
}

function checkpointOf(
  source: ByteSource,
  root: Unpickled,
  placed: (storage: PickleStorage) => TensorStorage,
): Checkpoint {
  const { tensors, metadata, foreignNames } = pickledContents(source.name, root);
  refuseBareCode(source.name, tensors.size, foreignNames);
  return createCheckpoint({
    source: source.name,
    format: 'torch-legacy',
    entries: torchEntries(source.name, tensors, placed),
    metadata,
    foreignNames,
    files: source.file === undefined ? [] : [{ path: source.file, bytes: source.size }],
    close: () => source.close(),
  });
}

function refusePersistent(): never {
  throw new PickleFault('a persistent id outside of a torch file', 'unsupported-format');
}

function fault(
  source: ByteSource,
  expected: string,
  actual: string,
  code: 'malformed' | 'unsupported-format' = 'malformed',
): CheckpointError {
  return new CheckpointError(code, `${source.name}: torch pickle: expected ${expected}, got ${actual}.`, {
    source: source.name,
  });
}

function missingStorage(source: ByteSource, key: string): never {
  throw fault(source, `the storage ${key}`, 'none');
}

function describe(value: PickleValue): string {
  return typeof value === 'object' ? 'an object' : String(value).slice(0, 40);
}

/** Pickles one behind the other: how long they are is only known once they are read. */
function pickleReader(source: ByteSource, signal: AbortSignal | undefined) {
  let position = 0;
  let windowStart = 0;
  let window = new Uint8Array();
  const load = async (length: number) => {
    windowStart = position;
    window = (await source.read(position, Math.min(length, source.size - position), signal)) as Uint8Array<ArrayBuffer>;
  };
  return {
    position: () => position,
    async next(names: PickleNames): Promise<Unpickled> {
      if (windowStart + window.length <= position) await load(firstWindowBytes);
      for (;;) {
        try {
          const start = position - windowStart;
          const read = withPickleErrors(source.name, () => unpickle(window, names, { start, fileBytes: source.size }));
          position = windowStart + read.end;
          return read;
        } catch (error) {
          const cut = error instanceof CheckpointError && error.cause instanceof PickleCut;
          if (!cut || windowStart + window.length >= source.size) throw error;
          const wanted = Math.max(firstWindowBytes, (windowStart + window.length - position) * 4);
          if (wanted > maximumPickleBytes) {
            throw new CheckpointError(
              'limit-exceeded',
              `${source.name}: expected a pickle of at most ${maximumPickleBytes} bytes, got a longer one.`,
              {
                source: source.name,
              },
            );
          }
          await load(wanted);
        }
      }
    },
  };
}

/** Storages follow in the order of their keys: element count (8 bytes), then the elements. */
async function placeStorages(
  source: ByteSource,
  keys: PickleValue,
  roots: ReadonlyMap<string, PickleStorage>,
  start: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly placed: ReadonlyMap<string, TensorStorage>; readonly end: number }> {
  if (!isKind(keys, 'list')) throw fault(source, 'a list of storage keys', describe(keys));
  const placed = new Map<string, TensorStorage>();
  let position = start;
  for (const item of keys.items) {
    const storage = typeof item === 'string' ? roots.get(item) : undefined;
    if (!storage || placed.has(storage.key)) throw fault(source, 'every storage key once, and in use', describe(item));
    const head = await source.read(position, 8, signal);
    const count = new DataView(head.buffer, head.byteOffset, 8).getBigInt64(0, true);
    if (count !== BigInt(storage.elements))
      throw fault(source, `${storage.elements} elements in the storage ${storage.key}`, `${count}`);
    const bytes = storageBytes(storage);
    if (position + 8 + bytes > source.size)
      throw fault(source, `${bytes} bytes of the storage ${storage.key}`, `a file of ${source.size}`);
    placed.set(storage.key, sourceStorage(source, position + 8, bytes));
    position += 8 + bytes;
  }
  return { placed, end: position };
}
