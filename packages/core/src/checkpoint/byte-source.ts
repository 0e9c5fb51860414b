import { CheckpointError } from '../errors';

/** Bytes that are read in ranges: a file, a Blob, a URL, or an array in memory. */
export interface ByteSource {
  /** As the user named it: for messages. */
  readonly name: string;
  /** Length in bytes. */
  readonly size: number;
  /** Resolved path (no symbolic link) of the real file that holds exactly these bytes; absent for anything else. */
  readonly file?: string;
  /** Whether `read` gives views of memory that others own: such bytes must be copied before they are kept. */
  readonly shared: boolean;
  /**
   * Exactly `length` bytes from `offset`.
   *
   * @throws {CheckpointError} `malformed` where the range leaves the source, `closed` after `close`.
   */
  read(offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>;
  /** Idempotent; removes temporary files. */
  close(): Promise<void>;
}

/** A source over an array in memory; reads are views, nothing is copied. */
export function memorySource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    shared: true,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      assertRange(name, bytes.length, offset, length);
      return bytes.subarray(offset, offset + length);
    },
    close: async () => {},
  };
}

/** A source over a Blob, read in slices. */
export function blobSource(blob: Blob, name: string): ByteSource {
  return {
    name,
    size: blob.size,
    shared: false,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      assertRange(name, blob.size, offset, length);
      return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
    },
    close: async () => {},
  };
}

/** @throws {CheckpointError} `malformed` where the range leaves the source. */
export function assertRange(name: string, size: number, offset: number, length: number): void {
  if (
    Number.isSafeInteger(offset) &&
    Number.isSafeInteger(length) &&
    offset >= 0 &&
    length >= 0 &&
    offset + length <= size
  ) {
    return;
  }
  throw new CheckpointError(
    'malformed',
    `${name}: expected at least ${offset + length} bytes (a part of ${length} bytes at offset ${offset}), got ${size}.`,
    { source: name },
  );
}
