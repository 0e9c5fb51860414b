import { openByteSource } from '@tesserae/core';
import { type FileInput, InputError, TesseraeError } from '@tesserae/core/data';
import { type AudioByteStream, isByteStream, nameOf, withUrl } from './audio-source';
import { type ByteReader, byteReader } from './byte-reader';
import { memoryReader } from './memory-reader';

const blockBytes = 256 * 1024;

/**
 * Opens a file or a stream for reading from front to back.
 *
 * @throws {InputError} `unreadable`; `too-large`: a file of more than `maxBytes`, or as many bytes of a stream.
 */
export async function openReader(
  input: FileInput | AudioByteStream,
  { signal, maxBytes }: { readonly signal?: AbortSignal; readonly maxBytes?: number },
): Promise<ByteReader> {
  const name = isByteStream(input) ? 'input' : nameOf(input);
  if (isByteStream(input)) return byteReader(limited(iterable(input), name, maxBytes), name, signal);
  if (input instanceof Uint8Array) {
    checkSize(input.length, name, maxBytes);
    return memoryReader(input, name, signal);
  }
  const source = await readable(
    () => openByteSource(withUrl(input), { name, ...(signal && { signal }) }),
    name,
    signal,
  );
  try {
    checkSize(source.size, name, maxBytes);
  } catch (error) {
    await source.close();
    throw error;
  }
  async function* blocks(): AsyncGenerator<Uint8Array> {
    try {
      for (let at = 0; at < source.size; at += blockBytes) {
        const length = Math.min(blockBytes, source.size - at);
        yield await readable(() => source.read(at, length, signal), name, signal);
      }
    } finally {
      await source.close();
    }
  }
  const opened = blocks();
  const reader = byteReader(opened, name, signal);
  return {
    ...reader,
    get position() {
      return reader.position;
    },
    async close() {
      await reader.close();
      // A generator that never ran has no finally.
      await source.close();
    },
  };
}

/** What is left of a reader, in blocks. */
export async function* chunksOf(reader: ByteReader): AsyncGenerator<Uint8Array> {
  for (;;) {
    const block = await reader.takeWhole(1, blockBytes);
    if (block.length === 0) return;
    yield block;
  }
}

function iterable(stream: AudioByteStream): AsyncIterable<Uint8Array> {
  return Symbol.asyncIterator in stream ? (stream as AsyncIterable<Uint8Array>) : chunksOfWeb(stream);
}

/** Some browsers cannot iterate over a `ReadableStream`. */
async function* chunksOfWeb(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let isDone = false;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      isDone = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!isDone) await reader.cancel();
    reader.releaseLock();
  }
}

async function* limited(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  maxBytes: number | undefined,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    checkSize(total, name, maxBytes);
    yield chunk;
  }
}

function checkSize(bytes: number, name: string, maxBytes: number | undefined): void {
  if (maxBytes === undefined || bytes <= maxBytes) return;
  throw new InputError(name, `a file of at most ${maxBytes} bytes`, `${bytes}`, { code: 'too-large' });
}

async function readable<T>(read: () => Promise<T>, name: string, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    signal?.throwIfAborted();
    if (TesseraeError.isInstance(cause)) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(name, 'a file that can be read', reason, { code: 'unreadable', cause });
  }
}
