import type { Checkpoint } from './checkpoint';

/** How the bytes of a checkpoint's tensors are had: whole, or in pieces. */
export interface RawReader {
  read(key: string, signal?: AbortSignal): Promise<Uint8Array>;
  chunks(key: string, signal?: AbortSignal): AsyncGenerator<Uint8Array>;
}

const readers = new WeakMap<Checkpoint, RawReader>();

/** Tells how the bytes of a checkpoint's tensors are read: for readers and views of checkpoints. */
export function withRawReader(checkpoint: Checkpoint, reader: RawReader): Checkpoint {
  readers.set(checkpoint, reader);
  return checkpoint;
}

/** The reader of a view: keys of another checkpoint under names of its own. */
export function rawReaderOf(
  source: (key: string) => { readonly checkpoint: Checkpoint; readonly key: string },
): RawReader {
  return {
    async read(key, signal) {
      const inner = source(key);
      return readRawBytes(inner.checkpoint, inner.key, signal);
    },
    async *chunks(key, signal) {
      const inner = source(key);
      yield* rawChunks(inner.checkpoint, inner.key, signal);
    },
  };
}

/**
 * A tensor exactly as the file holds it: contiguous, row-major, little-endian elements of `checkpoint.dtype(key)`.
 * For conversions that must not round; `tensor(key).read()` gives float32 or int32. The bytes belong to the caller.
 *
 * @throws {CheckpointError} `not-found`, `unsupported-dtype`, `closed`.
 */
export async function readRawBytes(checkpoint: Checkpoint, key: string, signal?: AbortSignal): Promise<Uint8Array> {
  return readerOf(checkpoint).read(key, signal);
}

/** {@link readRawBytes} in pieces of whole elements, some megabytes each, for tensors of any size. */
export function rawChunks(checkpoint: Checkpoint, key: string, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  return readerOf(checkpoint).chunks(key, signal);
}

function readerOf(checkpoint: Checkpoint): RawReader {
  const reader = readers.get(checkpoint);
  if (!reader) throw new TypeError(`${checkpoint.source}: this checkpoint was not opened by a reader of files.`);
  return reader;
}
