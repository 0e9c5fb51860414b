import type { Checkpoint } from './checkpoint';

type RawReader = (key: string, signal?: AbortSignal) => Promise<Uint8Array>;

const readers = new WeakMap<Checkpoint, RawReader>();

/** Tells how the bytes of a checkpoint's tensors are read: for readers and views of checkpoints. */
export function withRawReader(checkpoint: Checkpoint, read: RawReader): Checkpoint {
  readers.set(checkpoint, read);
  return checkpoint;
}

/**
 * A tensor exactly as the file holds it: contiguous, row-major, little-endian elements of `checkpoint.dtype(key)`.
 * For conversions that must not round; `tensor(key).read()` gives float32 or int32. The bytes belong to the caller.
 *
 * @throws {CheckpointError} `not-found`, `unsupported-dtype`, `closed`.
 */
export async function readRawBytes(checkpoint: Checkpoint, key: string, signal?: AbortSignal): Promise<Uint8Array> {
  const read = readers.get(checkpoint);
  if (!read) throw new TypeError(`${checkpoint.source}: this checkpoint was not opened by a reader of files.`);
  return read(key, signal);
}
