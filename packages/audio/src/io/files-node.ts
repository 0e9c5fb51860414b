import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, TesseraeError } from '@tesserae/core/data';
import type { EncodedChunks } from './encoded-chunks';
import type { AudioFiles } from './files';
import { optionalPackage } from './optional-package';

export const writeChunks: AudioFiles['writeChunks'] = async (path, chunks) => {
  const target = path instanceof URL ? fileURLToPath(path) : path;
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID()}.partial`);
  let handle: FileHandle | undefined;
  try {
    handle = await open(temporary, 'wx');
    await writeAll(handle, chunks);
    await handle.close();
    await rename(temporary, target);
  } catch (cause) {
    await handle?.close();
    await rm(temporary, { force: true });
    const isSystemError = cause instanceof Error && 'syscall' in cause && !TesseraeError.isInstance(cause);
    if (!isSystemError) throw cause;
    throw new InputError('target', 'a file that can be written', `${target}: ${cause.message}`, {
      code: 'unreadable',
      cause,
    });
  } finally {
    await chunks.return([]);
  }
};

export { ffmpegChunks } from './ffmpeg-node';

export const localPath: AudioFiles['localPath'] = (input) => {
  if (typeof input === 'string' && !/^(https?|file):/i.test(input)) return input;
  const url = new URL(input);
  return url.protocol === 'file:' ? fileURLToPath(url) : undefined;
};

export const temporaryFile: AudioFiles['temporaryFile'] = async (chunks) => {
  const folder = await mkdtemp(join(tmpdir(), 'tesserae-sound-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const path = join(folder, 'sound');
    await writeFile(path, chunks, { mode: 0o600 });
    return { path, remove };
  } catch (error) {
    await remove();
    throw error;
  }
};

export const loadOpusEncoder: AudioFiles['loadOpusEncoder'] = async () => {
  const { default: encoder } = await optionalPackage('writing Opus', 'opusscript', () => import('opusscript'));
  return encoder;
};

export const createMd5: AudioFiles['createMd5'] = () => {
  const hash = createHash('md5');
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') };
};

async function writeAll(handle: FileHandle, chunks: EncodedChunks): Promise<void> {
  for (;;) {
    const next = await chunks.next();
    if (!next.done) {
      await write(handle, next.value);
      continue;
    }
    for (const { at, bytes } of next.value) await write(handle, bytes, at);
    return;
  }
}

async function write(handle: FileHandle, bytes: Uint8Array, position: number | null = null): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const place = position === null ? null : position + done;
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, place);
    done += bytesWritten;
  }
}
