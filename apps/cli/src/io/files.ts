import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { InputError, TesseraeError } from '@tesserae/core/data';
import { partialFiles } from './partial-files';
import { standardStream } from './standard-stream';

/** A whole file, or standard input. @throws {InputError} `unreadable`. */
export async function readBytes(path: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    return path === standardStream ? await readStandardInput(signal) : await readFile(path, { signal });
  } catch (cause) {
    signal.throwIfAborted();
    const reason = (cause as NodeJS.ErrnoException).code ?? 'an error';
    throw new InputError(path, 'a readable file', reason, { code: 'unreadable', cause });
  }
}

async function readStandardInput(signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of addAbortSignal(signal, process.stdin)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Writes a file so that it is never seen half written, or to standard output. Nothing stays behind on failure. */
export async function writeBytes(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (path === standardStream) return writeStandardOutput(bytes);
  return writeChunks(path, [bytes], signal);
}

/** {@link writeBytes} of what comes in pieces, each written when it is there. @returns How many bytes came. */
export async function writeStream(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<number> {
  let written = 0;
  async function* counted() {
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      written += chunk.length;
      yield chunk;
    }
  }
  if (path === standardStream) for await (const chunk of counted()) await writeStandardOutput(chunk);
  else await writeChunks(path, counted(), signal);
  return written;
}

/** {@link writeBytes} of a file that comes in pieces. */
export async function writeChunks(
  path: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  await makeFolder(dirname(resolve(path)));
  const partial = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.incomplete`);
  partialFiles.add(partial);
  try {
    const file = await open(partial, 'wx');
    try {
      for await (const chunk of chunks) await file.writeFile(chunk, { signal });
      await file.sync();
    } finally {
      await file.close();
    }
    signal.throwIfAborted();
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw isSystemError(error, partial) ? Object.assign(error, { path }) : error;
  } finally {
    partialFiles.delete(partial);
  }
}

/** Of the file that is written, not of where its bytes come from; the name of an unfinished file would mean nothing. */
function isSystemError(error: unknown, partial: string): error is NodeJS.ErrnoException {
  if (!(error instanceof Error) || TesseraeError.isInstance(error) || !('code' in error)) return false;
  return !('path' in error) || error.path === partial;
}

/** Standard output for a library that writes as it goes. @param onBytes - Told how many bytes came, each time. */
export function standardOutputSink(onBytes: (count: number) => void) {
  return {
    write(bytes: Uint8Array, done: (error?: Error | null) => void): void {
      onBytes(bytes.length);
      writeStandardOutput(bytes).then(() => done(), done);
    },
  };
}

async function writeStandardOutput(bytes: Uint8Array): Promise<void> {
  await new Promise<void>((done, fail) => {
    process.stdout.write(bytes, (error) => {
      if (error) fail(Object.assign(error, { path: 'standard output' }));
      else done();
    });
  });
}

/** A folder and what is missing above it, one by one: Node's recursive form never ends below /proc. */
export async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return;
  await makeFolder(dirname(path));
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
