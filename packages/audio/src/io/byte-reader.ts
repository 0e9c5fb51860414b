import { InputError } from '@tesserae/core/data';

/** Bytes in order, looked at before they are taken. Arrays that are given may be views; they are not written to later. */
export interface ByteReader {
  /** Of the file, for messages. */
  readonly name: string;
  /** Bytes taken or skipped so far. */
  readonly position: number;
  /** The next `count` bytes, fewer only at the end; they stay. */
  peek(count: number): Promise<Uint8Array>;
  /** The next `count` bytes, fewer only at the end. */
  take(count: number): Promise<Uint8Array>;
  /** What is there in whole units, one to `most / unit` of them; none at the end, where less than one is left. */
  takeWhole(unit: number, most: number): Promise<Uint8Array>;
  /** @returns Bytes skipped: `count`, fewer only at the end. */
  skip(count: number): Promise<number>;
  /** Lets the source go; idempotent. */
  close(): Promise<void>;
}

/**
 * A reader over chunks of any sizes; holds what was looked at and a chunk.
 *
 * @throws {InputError} While bytes are read: a chunk is no Uint8Array.
 */
export function byteReader(source: AsyncIterable<Uint8Array>, name: string, signal?: AbortSignal): ByteReader {
  const chunks = source[Symbol.asyncIterator]();
  let buffer = new Uint8Array(0);
  let start = 0;
  let end = 0;
  let isOwn = false;
  let isDone = false;
  let position = 0;

  async function fill(count: number): Promise<void> {
    signal?.throwIfAborted();
    while (end - start < count && !isDone) {
      const { value, done } = await chunks.next();
      signal?.throwIfAborted();
      if (done) {
        isDone = true;
        return;
      }
      append(value);
    }
  }

  function append(chunk: Uint8Array): void {
    if (!(chunk instanceof Uint8Array)) throw new InputError(name, 'chunks of bytes', typeof chunk);
    const rest = end - start;
    if (rest === 0) {
      buffer = chunk as Uint8Array<ArrayBuffer>;
      start = 0;
      end = chunk.length;
      isOwn = false;
      return;
    }
    // Behind the end there are no bytes that anyone was given.
    if (!isOwn || buffer.length - end < chunk.length) {
      const grown = new Uint8Array(Math.max(2 * rest, rest + chunk.length));
      grown.set(buffer.subarray(start, end));
      buffer = grown;
      start = 0;
      end = rest;
      isOwn = true;
    }
    buffer.set(chunk, end);
    end += chunk.length;
  }

  function consume(count: number): Uint8Array {
    const bytes = buffer.subarray(start, start + count);
    start += bytes.length;
    position += bytes.length;
    return bytes;
  }

  return {
    name,
    get position() {
      return position;
    },
    async peek(count) {
      await fill(count);
      return buffer.subarray(start, Math.min(end, start + count));
    },
    async take(count) {
      await fill(count);
      return consume(Math.min(count, end - start));
    },
    async takeWhole(unit, most) {
      await fill(unit);
      return consume(Math.floor(Math.min(most, end - start) / unit) * unit);
    },
    async skip(count) {
      let left = count;
      while (left > 0) {
        await fill(1);
        const some = Math.min(left, end - start);
        if (some === 0) break;
        consume(some);
        left -= some;
      }
      return count - left;
    },
    async close() {
      isDone = true;
      await chunks.return?.();
    },
  };
}
