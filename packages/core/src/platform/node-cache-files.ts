import { constants, existsSync } from 'node:fs';
import {
  copyFile,
  link as hardLink,
  mkdir,
  open,
  readdir,
  readlink,
  rename,
  rm,
  statfs,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, relative } from 'node:path';
import type { AppendFile, CacheFiles } from './cache-files';

/** Files of a cache on disk. */
export const nodeCacheFiles: CacheFiles = {
  openAppend,
  async move(from, to) {
    await mkdir(dirname(to), { recursive: true });
    await rename(from, to);
  },
  link: (target, path) => linkFile(target, path),
  linkTarget: (path) => readlink(path).catch(() => undefined),
  async createExclusively(path, text) {
    await mkdir(dirname(path), { recursive: true });
    try {
      await writeFile(path, text, { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  },
  touch: (path) => utimes(path, new Date(), new Date()),
  names: async (folder) => (await readdir(folder).catch(() => [])).sort(),
  freeBytes,
  processId: process.pid,
  hostName: hostname(),
  isProcessAlive,
};

async function openAppend(path: string): Promise<AppendFile> {
  await mkdir(dirname(path), { recursive: true });
  const handle = await open(path, 'a');
  let bytes = (await handle.stat()).size;
  return {
    get bytes() {
      return bytes;
    },
    async append(chunk) {
      for (let done = 0; done < chunk.length;) {
        const { bytesWritten } = await handle.write(chunk, done);
        done += bytesWritten;
        bytes += bytesWritten;
      }
    },
    async truncate() {
      await handle.truncate(0);
      bytes = 0;
    },
    sync: () => handle.sync(),
    close: () => handle.close(),
  };
}

type LinkKind = 'symbolic' | 'hard' | 'copy';

/** Ways to make `path` lead to `target`, the preferred one first; each may be forbidden somewhere. */
export const linkWays: readonly { readonly kind: LinkKind; make(target: string, path: string): Promise<void> }[] = [
  { kind: 'symbolic', make: (target, path) => symlink(relative(dirname(path), target), path) },
  { kind: 'hard', make: (target, path) => hardLink(target, path) },
  { kind: 'copy', make: (target, path) => copyFile(target, path, constants.COPYFILE_FICLONE) },
];

/** @param ways - For tests of systems that forbid some. */
export async function linkFile(target: string, path: string, ways = linkWays): Promise<LinkKind> {
  await mkdir(dirname(path), { recursive: true });
  // Made beside, then moved: a reader finds the old one or the new one, never none.
  const fresh = `${path}.${process.pid}.link`;
  for (const [index, { kind, make }] of ways.entries()) {
    await rm(fresh, { force: true });
    try {
      await make(target, fresh);
    } catch (error) {
      if (index === ways.length - 1) throw error;
      continue;
    }
    await rename(fresh, path);
    // Renaming one hard link over another of the same file does nothing and keeps both.
    await rm(fresh, { force: true });
    return kind;
  }
  throw new Error('no way to link files');
}

async function freeBytes(folder: string): Promise<number | undefined> {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    const { bavail, bsize } = await statfs(existing);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

function isProcessAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // Not ours to signal, but there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
