import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { InputError } from '@tesserae/core/data';
import { standardStream } from './standard-stream';

/** A file or standard input of which the first bytes are known. */
export interface MediaInput {
  /** As the command line names it. */
  readonly name: string;
  /** Absent for standard input. */
  readonly path?: string;
  /** The first bytes, fewer than {@link startBytes} only where there are no more. */
  readonly start: Uint8Array;
  /** All bytes from the first one on; of standard input once. @throws {InputError} `unreadable`. */
  bytes(): AsyncIterable<Uint8Array>;
}

/** Enough to tell every format. */
const startBytes = 64;

/** Opens a file, or standard input for `-`. @throws {InputError} `unreadable`. */
export async function openMedia(path: string, signal: AbortSignal): Promise<MediaInput> {
  if (path === standardStream) return readable(path, signal, () => openStandardInput(signal));
  const start = await readable(path, signal, () => startOf(path));
  return { name: path, path, start, bytes: () => fileBytes(path, signal) };
}

/** The whole of an input in memory. */
export async function wholeInput(input: MediaInput): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of input.bytes()) parts.push(part);
  return Buffer.concat(parts);
}

async function startOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(startBytes), 0, startBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function openStandardInput(signal: AbortSignal): Promise<MediaInput> {
  const chunks = addAbortSignal(signal, process.stdin)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const parts: Buffer[] = [];
  let length = 0;
  let ended = false;
  while (length < startBytes && !ended) {
    const next = await chunks.next();
    if (next.done) ended = true;
    else {
      parts.push(next.value);
      length += next.value.length;
    }
  }
  const start = Buffer.concat(parts);
  async function* bytes() {
    if (start.length > 0) yield start;
    while (!ended) {
      const next = await readable(standardStream, signal, () => chunks.next());
      if (next.done) return;
      yield next.value;
    }
  }
  return { name: standardStream, start: start.subarray(0, startBytes), bytes };
}

async function* fileBytes(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const stream = addAbortSignal(signal, createReadStream(path));
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  try {
    for (;;) {
      const next = await readable(path, signal, () => chunks.next());
      if (next.done) return;
      yield next.value;
    }
  } finally {
    stream.destroy();
  }
}

async function readable<T>(path: string, signal: AbortSignal, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    signal.throwIfAborted();
    const reason = (cause as NodeJS.ErrnoException).code ?? 'an error';
    throw new InputError(path, 'a readable file', reason, { code: 'unreadable', cause });
  }
}
