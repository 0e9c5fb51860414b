import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, realpath, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism, homedir, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assertRange, type ByteSource } from '../checkpoint/byte-source';
import { CheckpointError, InputError } from '../errors';
import { keepLibrary } from './keep-library';
import { nodeCacheFiles } from './node-cache-files';
import { selectFetch } from './node-fetch';
import { availableMemoryBytes, totalMemoryBytes } from './node-memory';
import type { FileFacts, FolderEntry, Platform } from './types';

/** One read call: between two of them an abort is noticed. */
const blockBytes = 64 * 1024 * 1024;

export const platform: Platform = {
  name: 'node',
  openFile,
  pathOfUrl: (url) => (url.protocol === 'file:' ? fileURLToPath(url) : undefined),
  joinPath: (folder, ...names) => join(folder, ...names),
  folderOf: (path) => dirname(path),
  resolveFile,
  keepLibrary,
  realPath: (path) => realpath(path).catch((error: unknown) => refuse(path, 'an existing path', error)),
  fileFacts,
  listFolder,
  writeFileAtomically,
  sha256OfFile,
  remove: (path) => rm(path, { recursive: true, force: true }),
  spool,
  environmentVariable: (name) => process.env[name] || undefined,
  totalMemoryBytes,
  availableMemoryBytes: () => availableMemoryBytes(),
  physicalCores,
  cacheDirectory,
  cacheFiles: nodeCacheFiles,
  openBlobStore: async () => undefined,
  createHash(algorithm) {
    const hash = createHash(algorithm);
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest('hex') };
  },
  selectFetch,
  notify: (text) => void process.stderr.write(`${text}\n`),
};

function refuse(path: string, expected: string, cause: unknown): never {
  const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause);
  throw new InputError(path, expected, reason, { code: 'unreadable', cause });
}

async function openFile(path: string): Promise<ByteSource> {
  const expected = 'a readable file';
  let handle: FileHandle | undefined;
  try {
    const file = await realpath(path);
    handle = await open(file, 'r');
    const facts = await handle.stat();
    if (!facts.isFile()) throw new Error(facts.isDirectory() ? 'a folder' : 'no regular file');
    return fileSource(handle, path, file, facts.size);
  } catch (error) {
    await handle?.close();
    return refuse(path, expected, error);
  }
}

function fileSource(handle: FileHandle, name: string, file: string, size: number): ByteSource {
  let closing: Promise<void> | undefined;
  return {
    name,
    size,
    file,
    shared: false,
    async read(offset, length, signal) {
      signal?.throwIfAborted();
      if (closing) throw new CheckpointError('closed', `${name}: is closed.`, { source: name });
      assertRange(name, size, offset, length);
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, Math.min(blockBytes, length - done), offset + done);
        signal?.throwIfAborted();
        if (bytesRead === 0) {
          throw new CheckpointError(
            'malformed',
            `${name}: expected ${size} bytes, got ${offset + done}: it was cut while open.`,
            {
              source: name,
            },
          );
        }
        done += bytesRead;
      }
      return bytes;
    },
    close: () => (closing ??= handle.close()),
  };
}

async function fileFacts(path: string): Promise<FileFacts | undefined> {
  try {
    const facts = await stat(path);
    const kind = facts.isFile() ? 'file' : facts.isDirectory() ? 'folder' : 'other';
    return { kind, bytes: facts.size, modifiedMilliseconds: facts.mtimeMs };
  } catch {
    return undefined;
  }
}

async function listFolder(path: string): Promise<readonly FolderEntry[]> {
  const names = await readdir(path).catch((error: unknown) => refuse(path, 'a readable folder', error));
  const entries = names.sort().map(async (name): Promise<FolderEntry> => ({
    name,
    kind: (await fileFacts(join(path, name)))?.kind ?? 'other',
  }));
  return Promise.all(entries);
}

type Chunks = Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

async function writeChunks(path: string, data: Chunks, signal: AbortSignal | undefined): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of data instanceof Uint8Array ? [data] : data) {
      for (let done = 0; done < chunk.length;) {
        signal?.throwIfAborted();
        const { bytesWritten } = await handle.write(chunk, done, Math.min(blockBytes, chunk.length - done));
        done += bytesWritten;
      }
    }
    signal?.throwIfAborted();
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeFileAtomically(
  path: string,
  data: Chunks,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${basename(path)}.${randomUUID()}.partial`);
  try {
    await writeChunks(temporary, data, signal);
    const handle = await open(temporary, 'r');
    // A private mode would surprise: give the file what any other new file gets.
    await handle.chmod(0o666 & ~process.umask()).finally(() => handle.close());
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

const hashedBlockBytes = 4 * 1024 * 1024;

async function sha256OfFile(path: string, signal?: AbortSignal): Promise<string> {
  const source = await openFile(path);
  try {
    const hash = createHash('sha256');
    for (let offset = 0; offset < source.size; offset += hashedBlockBytes) {
      hash.update(await source.read(offset, Math.min(hashedBlockBytes, source.size - offset), signal));
    }
    return hash.digest('hex');
  } finally {
    await source.close();
  }
}

const spoolFolders = new Set<string>();
let removesAtExit = false;

async function spool(
  data: Uint8Array | AsyncIterable<Uint8Array>,
  name: string,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<ByteSource> {
  const folder = await mkdtemp(join(tmpdir(), 'tesserae-'));
  spoolFolders.add(folder);
  if (!removesAtExit) {
    removesAtExit = true;
    process.once('exit', () => spoolFolders.forEach((left) => rmSync(left, { recursive: true, force: true })));
  }
  const discard = async () => {
    await rm(folder, { recursive: true, force: true });
    spoolFolders.delete(folder);
  };
  try {
    const path = join(folder, 'weights');
    await writeChunks(path, data, signal);
    const source = await openFile(path);
    return { ...source, name, close: () => source.close().finally(discard) };
  } catch (error) {
    await discard();
    throw error;
  }
}

function physicalCores(): number {
  const usable = availableParallelism();
  try {
    const cores = new Set<string>();
    for (const block of readFileSync('/proc/cpuinfo', 'utf8').split('\n\n')) {
      const core = /^core id\s*:\s*(\d+)$/m.exec(block)?.[1];
      if (core !== undefined) cores.add(`${/^physical id\s*:\s*(\d+)$/m.exec(block)?.[1] ?? '0'}/${core}`);
    }
    return Math.max(1, Math.min(usable, cores.size || usable));
  } catch {
    return usable;
  }
}

function cacheDirectory(): string {
  const base = process.env['XDG_CACHE_HOME'] || (process.platform === 'win32' && process.env['LOCALAPPDATA']);
  return join(base || join(homedir(), '.cache'), 'tesserae');
}

function resolveFile(specifier: string, from: string): string | undefined {
  try {
    return createRequire(from).resolve(specifier);
  } catch {
    return undefined;
  }
}
