import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { InputError } from '@tesserae/core';
import { standardStream } from './expand-inputs';

/** A whole file, or standard input. @throws {InputError} `unreadable`. */
export async function readBytes(path: string, signal: AbortSignal): Promise<Uint8Array> {
  if (path === standardStream) {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) {
      signal.throwIfAborted();
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks);
  }
  try {
    return await readFile(path, { signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw new InputError(path, 'a readable file', (cause as NodeJS.ErrnoException).code ?? 'an error', {
      code: 'unreadable',
      cause,
    });
  }
}

/** Writes a file so that it is never seen half written, or to standard output. Nothing stays behind on failure. */
export async function writeBytes(path: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (path === standardStream) {
    await new Promise<void>((done, fail) => process.stdout.write(bytes, (error) => (error ? fail(error) : done())));
    return;
  }
  await makeFolder(dirname(resolve(path)));
  const partial = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.incomplete`);
  try {
    const file = await open(partial, 'wx');
    try {
      await file.writeFile(bytes, { signal });
      await file.sync();
    } finally {
      await file.close();
    }
    signal.throwIfAborted();
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** A folder and what is missing above it, one by one: Node's recursive form never ends below /proc. */
async function makeFolder(path: string): Promise<void> {
  if (existsSync(path)) return;
  await makeFolder(dirname(path));
  await mkdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

/** Where a result goes: beside the input or into `--out`, with another ending. `-` goes to standard output. */
export function outputPath(input: string, ending: string, out: string | undefined, single: boolean): string {
  if (input === standardStream) return out ?? standardStream;
  if (out === standardStream) return standardStream;
  const name = `${basename(input, extname(input))}${ending}`;
  if (out === undefined) return join(dirname(input), name);
  return single && extname(out) !== '' && !out.endsWith('/') ? out : join(out, name);
}
